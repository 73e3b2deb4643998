/** What `fit()` reports besides the events of training. @module */
import type { ProblemSettings } from "../problem/problem.ts";
import type { TrainingEvent } from "./events.ts";
import type { Training } from "./training.ts";

/** Event when the pairs were measured and training begins. */
export interface BeginEvent {
  /** Kind of the event. */
  readonly event: "begin";
  /** Number of pairs to learn from. */
  readonly trainingExamples: number;
  /** Number of pairs that the model is measured on after every epoch. */
  readonly validationExamples: number;
  /** Number of pairs that were left out because they cannot be used, and what is wrong with the first five of them. */
  readonly skipped: { readonly pairs: number; readonly first: readonly string[] };
  /** Share of the symbols of the questions to learn from that are read as the unknown symbol, from 0 to 1. */
  readonly unknownShare: number;
}

/** An event that `fit()` reports. */
export type FitEvent = BeginEvent | TrainingEvent;

/** The training that an event is of. With both a checkpoint can be taken. */
export interface Fitting {
  /** The training, with its options and its model. */
  readonly training: Training;
  /** The settings of the problem, as a checkpoint has them. */
  readonly problem: ProblemSettings;
}
