/** What is trained and asked. @module */
import type { TaskSet } from "./task_set.ts";

/** The width of a search for answers: 1 is greedy, and null that of `evaluate` if it is not told. */
export type Beam = number | null;

/** What is trained and how. */
export interface SetPlan {
  readonly set: TaskSet;
  readonly seed: number;
  /** Options of `train` that were typed: of the model, the training and the device. */
  readonly typed: readonly string[];
  /** Number of models that are trained as one run; 1 for a run of one model. */
  readonly ensemble: number;
  /** Widths of the search for answers: the same models are asked with each. */
  readonly beams: readonly Beam[];
  /** Options of the device for `evaluate`. */
  readonly device: readonly string[];
  /** The folder of the run. It is trained again only if it has no facts. */
  readonly run: string;
}
