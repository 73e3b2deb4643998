/**
 * What `events.jsonl` and `train --json` say: a JSON object a line, in the order in which it happened.
 *
 * A run has one `start` for each time that it was begun or resumed, then for each epoch its steps, `learned`, `epoch` and
 * `samples`, and at last an `end`. The log has at most 100,000 steps: of a longer training every second one, or third, and
 * so on, and always the last. `train --json` prints every `--log-every`-th step, and a line more, which is not logged:
 * `{"event":"page","url":…}`, the address of the page, with its token, where `--dashboard` is given. Shares, accuracies
 * and probabilities are from 0 to 1, times are in milliseconds. A line has at most 1,048,576 characters. A program that
 * reads them should take fields that it does not know.
 *
 * @module
 */
import type { ModelConfig } from "../model/config.ts";
import type { AdditionProblem } from "../problem/addition.ts";
import type { AnswersEvent, EndEvent, EndReason, TrainingEvent } from "../training/events.ts";
import type { Learned } from "../training/learned.ts";
import type { TrainingOptions } from "../training/options.ts";

/** Training begins, or goes on after a step. */
export interface StartEvent {
  /** Kind of the event. */
  readonly event: "start";
  /** Directory of the run, as it was named. */
  readonly run: string;
  /** Identity of the run, as its checkpoints have it; `null` in a log written before runs had one. */
  readonly runId: string | null;
  /** What computes. */
  readonly backend: {
    /** `cpu` or `webgpu`; `unknown` for a run that has no log. */
    readonly name: string;
    /** Why, in words for people. */
    readonly reason: string;
    /** What was asked for: `auto`, `cpu` or `webgpu`. */
    readonly requested?: string;
    /** Name of the WebGPU adapter, where there is one. */
    readonly adapter?: string;
  };
  /** What is learnt: digits, examples, reverse, sampler, seed. */
  readonly problem: AdditionProblem;
  /** The model's shape: cell, hiddenSize, layers, inputLength, outputLength, characters, reverse. */
  readonly model: ModelConfig;
  /** How it is trained: every option, with its default where none was given. */
  readonly training: TrainingOptions;
  /** Numbers that the model learns. */
  readonly parameters: number;
  /** Examples trained on. */
  readonly trainingExamples: number;
  /** Examples held back. */
  readonly validationExamples: number;
  /** Steps taken before: 0 for a new run. */
  readonly step: number;
}

/** Training is over, for a reason of its own or because it could not go on. */
export interface RunEndEvent extends Omit<EndEvent, "reason"> {
  /**
   * What ended it. `epochs`: all epochs are done. `stopAt`: the metric of `--stop-at` is reached. `patience`: no better epoch
   * came. `interrupted`: a signal came. `nonFiniteLoss` and `error`: it failed, and goes on from `checkpoint` if it is resumed.
   */
  readonly reason: EndReason | "nonFiniteLoss" | "error";
  /** Path of the newest checkpoint. */
  readonly checkpoint: string;
}

/** How the validation split was answered after an epoch, by kind of question; it comes just before the epoch's event. */
export interface LearnedEvent extends Learned {
  /** Kind of the event. */
  readonly event: "learned";
}

/** What is logged of a training. */
export type RunEvent =
  | StartEvent
  | Exclude<TrainingEvent, AnswersEvent | EndEvent>
  | LearnedEvent
  | RunEndEvent;
