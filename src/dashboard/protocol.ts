/**
 * What the server and the page tell each other. The page is built from its own sources but shares these types, and an exported page carries
 * the same objects, so that one page shows a run that goes on, one that is over, and a file on disk.
 *
 * | request                 | answer                                                                         |
 * | ----------------------- | ------------------------------------------------------------------------------ |
 * | `GET /api/events`       | server-sent events `update`, each a {@linkcode RunUpdate}; every run begins with a `reset` |
 * | `POST /api/ask`         | {@linkcode Question} in, {@linkcode Answered} out                              |
 * | `GET /api/answers?run=` | {@linkcode Answers}: the validation split as the newest weights answer it       |
 * | `GET /api/model?run=`   | a checkpoint with parameters and no moments, safetensors, for the model in the page |
 *
 * Every one of them needs the header `Authorization: Bearer TOKEN`; an error is `{"error": "sentence"}` with a status from 400 on.
 *
 * @module
 */
import type { StartEvent } from "../checkpoint/run_events.ts";
import type { EpochEvent, Sample } from "../training/events.ts";
import type { Learned } from "../training/learned.ts";

/** What is known of a run when training begins, or is resumed. */
export type RunStart = Omit<StartEvent, "event" | "step">;

/** Steps in columns of the same length, in order. */
export interface StepColumns {
  /** Numbers of the steps, from 1; where a point stands for several, the last of them. */
  readonly step: readonly number[];
  /** Mean cross-entropy per target character. */
  readonly loss: readonly number[];
  /** Share of right characters. */
  readonly characterAccuracy: readonly number[];
  /** Learning rate. */
  readonly learningRate: readonly number[];
}

/** An epoch, as its event says. */
export type EpochRow = Omit<EpochEvent, "event">;

/** The samples of an epoch. */
export interface EpochSamples {
  readonly epoch: number;
  readonly samples: readonly Sample[];
}

/**
 * How a run stands. `waiting`: nothing was said yet. `training`: it goes on. `silent`: it has not ended and says nothing, as after a kill.
 * `ended`: all is done. `interrupted`: it can be resumed. `failed`: it cannot go on.
 */
export type RunState = "waiting" | "training" | "silent" | "ended" | "interrupted" | "failed";

/** How far a run is. */
export interface RunStatus {
  readonly state: RunState;
  /** Why it ended, as the end event says; null while it goes on. */
  readonly reason: string | null;
  /** Steps taken. */
  readonly step: number;
  /** All steps, if no stop rule comes before. */
  readonly steps: number;
  /** Training examples a second over the last few seconds; null where it is not known. */
  readonly examplesPerSecond: number | null;
  /** Milliseconds of training left, about; null where it is not known. */
  readonly leftMs: number | null;
}

/** News of one run: everything from the beginning with `reset`, else what came since. */
export interface RunUpdate {
  /** Number of the run, from 0. */
  readonly run: number;
  /** Name for people: the last part of its path. */
  readonly name: string;
  /** Forget what was told of this run before. */
  readonly reset?: true;
  /** The newest start. */
  readonly start?: RunStart;
  /** Steps a point of the curves stands for; more than 1 in very long runs. */
  readonly stepsPerPoint?: number;
  /** Further points. */
  readonly steps?: StepColumns;
  /** Further epochs. */
  readonly epochs?: readonly EpochRow[];
  /** Samples of further epochs. */
  readonly samples?: readonly EpochSamples[];
  /** What further epochs have learned. */
  readonly learned?: readonly Learned[];
  /** How it stands now; in every update. */
  readonly status: RunStatus;
}

/** A question to a run's newest weights. */
export interface Question {
  readonly run: number;
  readonly question: string;
}

/** An answer and how it came about. */
export interface Answered {
  /** The question as the model reads it, the right way round. */
  readonly question: string;
  readonly answer: string;
  /** Product of the probabilities of the answer's characters, padding included. */
  readonly probability: number;
  /** The characters that a position can have, in the order of the columns below. */
  readonly characters: string;
  /** Probability of every character (V) at every position (T_out). */
  readonly probabilities: readonly (readonly number[])[];
  /** Step of the weights that answered. */
  readonly step: number;
}

/** Most examples of an `Answers`: wrong answers come first where there are more. */
export const MAX_ANSWERS = 20_000;

/** How the newest weights answer the validation split, in columns of the same length, padding taken off. */
export interface Answers {
  /** Step of the weights. */
  readonly step: number;
  /** Examples in the split; the columns have at most MAX_ANSWERS of them. */
  readonly examples: number;
  readonly questions: readonly string[];
  readonly targets: readonly string[];
  readonly guesses: readonly string[];
}

/** What an exported page carries besides its code, as JSON. */
export interface EmbeddedRun {
  /** One update with `reset`: all of the run. */
  readonly update: RunUpdate;
  readonly answers: Answers;
  /** The checkpoint's parameters as safetensors, base64. */
  readonly model: string;
}
