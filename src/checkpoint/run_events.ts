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
import { listRule, nullable, type RecordRule, recordRule } from "../arguments/record.ts";
import { choice, integer, objectRule, optional, type Rule, TEXT } from "../arguments/rule.ts";
import {
  type AnswersEvent,
  type EndEvent,
  type EndReason,
  EPOCH_EVENT,
  SAMPLES_EVENT,
  STEP_EVENT,
  type TrainingEvent,
} from "../training/events.ts";
import { SHARE } from "../training/metrics.ts";
import type { LearnedCell } from "../evaluation/cell.ts";
import type { CountedGroups } from "../evaluation/group_counter.ts";
import type { Learned } from "../evaluation/learned.ts";
import type { TrainingOptions } from "../training/options.ts";

/** What computes a training. */
export interface StartBackend {
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
}

/** Training begins, or continues after a step. */
export interface StartEvent {
  /** Kind of the event. */
  readonly event: "start";
  /** Directory of the run, as it was named. */
  readonly run: string;
  /** Identity of the run, as its checkpoints have it; `null` in a log written before runs had one. */
  readonly runId: string | null;
  /** The backend that computes. */
  readonly backend: StartBackend;
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

const COUNT = integer(0);

const CELLS: Rule<readonly LearnedCell[]> = listRule(
  recordRule<LearnedCell>({ key: TEXT, examples: COUNT, right: COUNT }, { others: "ignored" }),
);

const GRID = recordRule({ rows: TEXT, columns: TEXT }, { others: "ignored" });

/**
 * The rule of every kind of event. Writer and reader keep them, and the documentation lists their fields. Fields that are not
 * listed are ignored, because a later version may add some.
 */
export const EVENT_RULES: {
  readonly [Kind in RunEvent["event"]]: RecordRule<RunEvent & { readonly event: Kind }>;
} = {
  start: recordRule<StartEvent>({
    event: choice(["start"]),
    run: TEXT,
    runId: nullable(TEXT),
    backend: recordRule<StartBackend>({
      name: TEXT,
      reason: TEXT,
      executor: optional(TEXT),
      threads: optional(integer(1)),
      build: optional(TEXT),
      requested: optional(TEXT),
      adapter: optional(TEXT),
    }, { others: "ignored" }),
    problem: objectRule(), // these three are checked as a checkpoint's are
    model: objectRule(),
    training: objectRule(),
    parameters: integer(1),
    trainingExamples: integer(1),
    validationExamples: integer(1),
    step: COUNT,
  }, { others: "ignored" }),
  step: STEP_EVENT,
  epoch: EPOCH_EVENT,
  samples: SAMPLES_EVENT,
  learned: recordRule<LearnedEvent>({
    event: choice(["learned"]),
    epoch: integer(1),
    groups: listRule(recordRule<CountedGroups>({
      name: TEXT,
      title: TEXT,
      grid: optional(GRID),
      cells: CELLS,
    }, { others: "ignored" })),
    positions: CELLS,
    symbols: listRule(TEXT),
    confusion: listRule(COUNT),
  }, { others: "ignored" }),
  end: recordRule<RunEndEvent>({
    event: choice(["end"]),
    reason: choice(["epochs", "stopAt", "patience", "interrupted", "nonFiniteLoss", "error"]),
    epochs: COUNT,
    exactMatch: nullable(SHARE),
    checkpoint: TEXT,
  }, { others: "ignored" }),
};
