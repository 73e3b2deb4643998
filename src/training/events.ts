/** What training reports. @module */
import type { EpochMetrics } from "./metrics.ts";

/** A step was taken. */
export interface StepEvent {
  /** Kind of the event. */
  readonly event: "step";
  /** Epoch that the step belongs to, from 1. */
  readonly epoch: number;
  /** Number of the step, from 1. */
  readonly step: number;
  /** Number of all steps of the training, if no stop rule ends it before. */
  readonly steps: number;
  /** Mean cross-entropy per target character of the batch, in nats, before the update. */
  readonly loss: number;
  /** Share of right characters of the batch, padding included, from 0 to 1, before the update. */
  readonly characterAccuracy: number;
  /** Learning rate of the update. */
  readonly learningRate: number;
}

/** An epoch is over and was measured on the validation split. */
export interface EpochEvent extends EpochMetrics {
  /** Kind of the event. */
  readonly event: "epoch";
  /** Whether it is the best epoch so far by the option `monitor`. `train` keeps its weights in `best.safetensors`. */
  readonly best: boolean;
}

/** Some questions of the validation split, answered after an epoch. */
export interface SamplesEvent {
  /** Kind of the event. */
  readonly event: "samples";
  /** The epoch. */
  readonly epoch: number;
  /** The questions and answers. */
  readonly samples: readonly Sample[];
}

/** A question, its answer, and what the model says. */
export interface Sample {
  /** The question as people write it: not reversed, without padding. */
  readonly question: string;
  /** The right answer. */
  readonly target: string;
  /** The model's answer. */
  readonly guess: string;
  /** Probability that the model gives this answer, padding included, from 0 to 1. */
  readonly probability: number;
  /** Probability of each character of the guess, from 0 to 1, in its order. */
  readonly characterProbabilities: readonly number[];
}

/** How the whole validation split was answered after an epoch: just before the epoch's event, and only where it was asked for. */
export interface AnswersEvent {
  /** Kind of the event. */
  readonly event: "answers";
  /** The epoch. */
  readonly epoch: number;
  /** The most probable characters, uint8 (N, T_out) indices, in the order of the validation split. */
  readonly answers: Uint8Array;
}

/** Why training ended. `interrupted`: it can go on from where it is. */
export type EndReason = "epochs" | "stopAt" | "patience" | "interrupted";

/** Training is over. */
export interface EndEvent {
  /** Kind of the event. */
  readonly event: "end";
  /** What ended it. */
  readonly reason: EndReason;
  /** Epochs completed. */
  readonly epochs: number;
  /** Exact match of the last completed epoch. */
  readonly exactMatch: number | null;
}

/** What training reports. */
export type TrainingEvent = StepEvent | EpochEvent | AnswersEvent | SamplesEvent | EndEvent;

/** The loss is not a number any more: the parameters are lost, what was saved before is not. */
export class NonFiniteLossError extends RangeError {
  /** The step whose loss it was. */
  readonly step: number;

  /** Names the step and the loss. */
  constructor(step: number, loss: number) {
    super(
      `Cannot go on training: the loss must be finite, but at step ${step} it is ${loss}; a lower learning rate may help`,
    );
    this.name = "NonFiniteLossError";
    this.step = step;
  }
}
