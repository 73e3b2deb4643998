/**
 * The events in `events.jsonl` and in the output of `train --json`: one JSON object a line, in order of time.
 *
 * A run has a `start` event each time that it is begun or resumed. For each epoch, its steps, `learned`, `epoch` and
 * `samples` follow. The last event is `end`. The log has at most 100,000 steps: of a longer training it has every second step,
 * or every third, and so on, and always the last. `train --json` prints every `--log-every`-th step. With `--dashboard`, it also
 * prints one line that is not logged: `{"event":"page","url":…}`, the address of the page, with its token. Shares, accuracies
 * and probabilities are from 0 to 1; times are in milliseconds. A line has at most 1,048,576 characters. A program that reads
 * the events should ignore fields that it does not know.
 *
 * @module
 */
import type { ModelConfig } from "../network/config.ts";
import type { ProblemSettings } from "../problem/problem.ts";
import type { AnswersEvent, EndEvent, EndReason, TrainingEvent } from "../training/events.ts";
import type { Learned } from "../evaluation/learned.ts";
import type { TrainingOptions } from "../training/options.ts";

/** Training begins, or continues after a step. */
export interface StartEvent {
  /** Kind of the event. */
  readonly event: "start";
  /** Directory of the run, as it was named. */
  readonly run: string;
  /** Identity of the run, as its checkpoints have it; `null` in a log written before runs had one. */
  readonly runId: string | null;
  /** The backend that computes. */
  readonly backend: {
    /** `cpu` or `webgpu`; `unknown` for a run without a log. */
    readonly name: string;
    /** Why this backend was chosen. */
    readonly reason: string;
    /** How it computes: `kernels` or `reference`. A log written before there was a choice has none. */
    readonly executor?: string;
    /** Number of the processor's threads that compute. */
    readonly threads?: number;
    /** Build of the compute kernels of `cpu`: `relaxed` or `simd`. */
    readonly build?: string;
    /** The backend of the command line: `auto`, `cpu` or `webgpu`. */
    readonly requested?: string;
    /** Name of the WebGPU adapter, if there is one. */
    readonly adapter?: string;
  };
  /** The problem: its name, seed and other settings. */
  readonly problem: ProblemSettings;
  /** The model's shape: cell, hiddenSize, layers, and the layouts of source and target. */
  readonly model: ModelConfig;
  /** Every option of the training. Options that were not given have their defaults. */
  readonly training: TrainingOptions;
  /** Number of the model's parameters. */
  readonly parameters: number;
  /** Number of training examples. */
  readonly trainingExamples: number;
  /** Number of validation examples. */
  readonly validationExamples: number;
  /** Steps taken before: 0 for a new run. */
  readonly step: number;
}

/** Training has ended or failed. */
export interface RunEndEvent extends Omit<EndEvent, "reason"> {
  /**
   * Why it ended. `epochs`: all epochs are done. `stopAt`: the metric of `--stop-at` is reached. `patience`: no epoch was better
   * for `--patience` epochs. `interrupted`: a signal came. `nonFiniteLoss` and `error`: training failed; `--resume` continues from
   * `checkpoint`.
   */
  readonly reason: EndReason | "nonFiniteLoss" | "error";
  /** Path of the newest checkpoint. */
  readonly checkpoint: string;
}

/** Results on the validation split after an epoch, by kind of question. It comes just before the epoch's event. */
export interface LearnedEvent extends Learned {
  /** Kind of the event. */
  readonly event: "learned";
}

/** An event that is logged. */
export type RunEvent =
  | StartEvent
  | Exclude<TrainingEvent, AnswersEvent | EndEvent>
  | LearnedEvent
  | RunEndEvent;
