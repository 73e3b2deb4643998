/** The events that training reports. @module */
import { listRule, type RecordRule, recordRule } from "../arguments/record.ts";
import { BOOLEAN, choice, integer, TEXT } from "../arguments/rule.ts";
import { EPOCH_RULES, type EpochMetrics, FINITE, SHARE, SUM } from "./metrics.ts";

/** Event after a step. */
export interface StepEvent {
  /** Kind of the event. */
  readonly event: "step";
  /** Epoch of the step, from 1. */
  readonly epoch: number;
  /** Number of the step, from 1. */
  readonly step: number;
  /** Number of all steps of the training, if no stop rule ends it earlier. */
  readonly steps: number;
  /** Mean cross-entropy per target character of the batch, in nats, before the update. */
  readonly loss: number;
  /** Share of correct characters of the batch, of those that count, from 0 to 1, before the update. */
  readonly characterAccuracy: number;
  /** Learning rate of the update. */
  readonly learningRate: number;
}

/** The rule of a step's event. Other fields are ignored in every event, because a later version may add some. */
export const STEP_EVENT: RecordRule<StepEvent> = recordRule<StepEvent>({
  event: choice(["step"]),
  epoch: integer(1),
  step: integer(1),
  steps: integer(1),
  loss: FINITE,
  characterAccuracy: SHARE,
  learningRate: SUM,
}, { others: "ignored" });

/** Event after an epoch, with its metrics. */
export interface EpochEvent extends EpochMetrics {
  /** Kind of the event. */
  readonly event: "epoch";
  /** Whether it is the best epoch so far by the option `monitor`. `train` keeps its weights in `best.safetensors`. */
  readonly best: boolean;
}

/** The rule of an epoch's event. */
export const EPOCH_EVENT: RecordRule<EpochEvent> = recordRule<EpochEvent>({
  event: choice(["epoch"]),
  ...EPOCH_RULES,
  best: BOOLEAN,
}, { others: "ignored" });

/** Event with some questions of the validation split, answered after an epoch. */
export interface SamplesEvent {
  /** Kind of the event. */
  readonly event: "samples";
  /** Epoch, from 1. */
  readonly epoch: number;
  /** The questions and answers. */
  readonly samples: readonly Sample[];
}

/** A question, its correct answer, and the model's answer. */
export interface Sample {
  /** The question as people write it: not reversed, without padding. */
  readonly question: string;
  /** The correct answer. */
  readonly target: string;
  /** The model's answer. */
  readonly guess: string;
  /** Probability that the model gives this answer, padding included, from 0 to 1. */
  readonly probability: number;
  /** Probability of each character of the guess, from 0 to 1, in its order; of one that is kept from the question, that of keeping it. */
  readonly characterProbabilities: readonly number[];
}

/** The rule of an event with samples. */
export const SAMPLES_EVENT: RecordRule<SamplesEvent> = recordRule<SamplesEvent>({
  event: choice(["samples"]),
  epoch: integer(1),
  samples: listRule(recordRule<Sample>({
    question: TEXT,
    target: TEXT,
    guess: TEXT,
    probability: SUM,
    characterProbabilities: listRule(SUM),
  }, { others: "ignored" })),
}, { others: "ignored" });

/**
 * Event with the answers to the whole validation split after an epoch. It comes just before the epoch's event, and only if
 * the option `answers` is set.
 */
export interface AnswersEvent {
  /** Kind of the event. */
  readonly event: "answers";
  /** Epoch, from 1. */
  readonly epoch: number;
  /** Indices of the most probable characters, uint8 (N, T_out), in the order of the validation split. */
  readonly answers: Uint8Array;
}

/**
 * The reason why training ended.
 *
 * - `epochs`: all epochs are done
 * - `stopAt`: the metric has reached its value
 * - `patience`: there was no better epoch for that long
 * - `interrupted`: the signal stopped it; it can continue
 */
export type EndReason = "epochs" | "stopAt" | "patience" | "interrupted";

/** Event at the end of training. */
export interface EndEvent {
  /** Kind of the event. */
  readonly event: "end";
  /** The reason. */
  readonly reason: EndReason;
  /** Number of completed epochs. */
  readonly epochs: number;
  /** Exact match of the last completed epoch, from 0 to 1; null if there is none. */
  readonly exactMatch: number | null;
}

/** An event that training reports. */
export type TrainingEvent = StepEvent | EpochEvent | AnswersEvent | SamplesEvent | EndEvent;

/** The loss is not finite, so the parameters are unusable. Continue from a checkpoint that was saved before. */
export class NonFiniteLossError extends RangeError {
  /** The step whose loss it was. */
  readonly step: number;

  /** Makes the error for a step and its loss. */
  constructor(step: number, loss: number) {
    super(
      `Cannot continue training: the loss must be finite, but at step ${step} it is ${loss}; a lower learning rate may help`,
    );
    this.name = "NonFiniteLossError";
    this.step = step;
  }
}
