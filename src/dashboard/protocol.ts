/**
 * The messages between the server and the page. An exported page holds the same objects. So one page shows a run that is trained
 * now, a run that has ended, and an exported run.
 *
 * | request                 | answer                                                                         |
 * | ----------------------- | ------------------------------------------------------------------------------ |
 * | `GET /api/events`       | server-sent events `update`, each a {@linkcode RunUpdate}; the first of every run has `reset` |
 * | `POST /api/ask`         | {@linkcode Answered}; the body of the request is a {@linkcode Question}        |
 * | `GET /api/answers?run=` | {@linkcode Answers}: the answers of the newest weights to the validation split |
 * | `GET /api/model?run=`   | a checkpoint with parameters and without moments, as safetensors                |
 *
 * Every request needs the header `Authorization: Bearer TOKEN`. An error is `{"error": "sentence"}` with a status from 400 on.
 *
 * @module
 */
import type { StartEvent } from "../checkpoint/run_events.ts";
import type { EpochEvent, Sample } from "../training/events.ts";
import type { AnswerAttention } from "../model/answer_attention.ts";
import type { AnswerText } from "../model/answer.ts";
import type { Learned } from "../evaluation/learned.ts";

/** What is known of a run when its training begins or is resumed. */
export type RunStart = Omit<StartEvent, "event" | "step">;

/** Training steps as columns of the same length, in order. */
export interface StepColumns {
  /** Numbers of the steps, from 1. If a point stands for several steps, it has the number of the last. */
  readonly step: readonly number[];
  /** Mean cross-entropy per target character. */
  readonly loss: readonly number[];
  /** Share of correct characters. */
  readonly characterAccuracy: readonly number[];
  /** Learning rate. */
  readonly learningRate: readonly number[];
}

/** An epoch, as in its event. */
export type EpochRow = Omit<EpochEvent, "event">;

/** The samples of an epoch. */
export interface EpochSamples {
  readonly epoch: number;
  readonly samples: readonly Sample[];
}

/**
 * The state of a run. `waiting`: nothing is known yet. `training`: it is trained now. `silent`: it has not ended, but reports
 * nothing, for example because its process was killed. `ended`: it has ended by itself. `interrupted`: it was stopped, and can be
 * resumed. `failed`: an error ended it.
 */
export type RunState = "waiting" | "training" | "silent" | "ended" | "interrupted" | "failed";

/** The state of a run, and how far it is. */
export interface RunStatus {
  readonly state: RunState;
  /** Why it ended, as in the event `end`; null before the end. */
  readonly reason: string | null;
  /** Steps taken. */
  readonly step: number;
  /** Steps of the whole training, if no stop rule ends it earlier. */
  readonly steps: number;
  /** Training examples per second, over the last few seconds; null if not known. */
  readonly examplesPerSecond: number | null;
  /** Estimate of the milliseconds of training left; null if not known. */
  readonly leftMs: number | null;
}

/** An update of one run: the whole history if it has `reset`, else what is new since the last update. */
export interface RunUpdate {
  /** Number of the run, from 0. */
  readonly run: number;
  /** The last part of its path. */
  readonly name: string;
  /** The page must forget what it knows of this run. */
  readonly reset?: true;
  /** The newest event `start`. */
  readonly start?: RunStart;
  /** Steps that one point of the curves stands for: more than 1 in very long runs. */
  readonly stepsPerPoint?: number;
  /** New points of the curves. */
  readonly steps?: StepColumns;
  /** New epochs. */
  readonly epochs?: readonly EpochRow[];
  /** Samples of new epochs. */
  readonly samples?: readonly EpochSamples[];
  /** What the model had learned after new epochs. */
  readonly learned?: readonly Learned[];
  /** The status now. Every update has it. */
  readonly status: RunStatus;
}

/** A question for the newest weights of a run. */
export interface Question {
  readonly run: number;
  readonly question: string;
}

/** An answer and its probabilities. */
export interface Answered {
  /** The normalised question. */
  readonly question: string;
  /** What was changed in the question beyond spaces, as a sentence without a full stop. */
  readonly note?: string;
  /** The best answer that was found. */
  readonly answer: string;
  /** Product of the probabilities of the answer's symbols and its padding. */
  readonly probability: number;
  /** Indices of the answer's symbols at every position (T_out). */
  readonly chosen: readonly number[];
  /** The best answers, this one first. */
  readonly alternatives: readonly AnswerText[];
  /** The target's symbols, in the order of the columns of `probabilities`. */
  readonly symbols: readonly string[];
  /** Probability of every symbol (V) at every position (T_out), after the answer's symbols before it. */
  readonly probabilities: readonly (readonly number[])[];
  /** How much each symbol of the question was looked at. Absent for a model without attention. */
  readonly attention?: AnswerAttention;
  /** Step of the weights that answered. */
  readonly step: number;
}

/** Most examples in an `Answers`. If there are more, wrong answers come first. */
export const MAX_ANSWERS = 20_000;

/** The answers of the newest weights to the validation split, as columns of the same length, without padding. */
export interface Answers {
  /** Step of the weights. */
  readonly step: number;
  /** Examples in the split. The columns hold at most MAX_ANSWERS of them. */
  readonly examples: number;
  readonly questions: readonly string[];
  readonly targets: readonly string[];
  readonly guesses: readonly string[];
}

/** The data of an exported page, as JSON. */
export interface EmbeddedRun {
  /** One update with `reset`: the whole history. */
  readonly update: RunUpdate;
  readonly answers: Answers;
  /** The checkpoint's parameters as safetensors, base64. */
  readonly model: string;
}
