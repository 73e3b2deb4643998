/** A training under way: its model, its options, Adam's memory and how far it has come. @module */
import { holdThreads } from "../backend/threads.ts";
import type { Model } from "../model/model.ts";
import type { NamedTensor } from "../model/parameters.ts";
import type { EpochMetrics } from "./metrics.ts";
import { createOptimizer, type Optimizer } from "./optimizer.ts";
import { resolveTraining, type TrainingOptions } from "./options.ts";

/** How far a training has come: all that is needed, besides tensors, to go on as if nothing had happened. */
export interface TrainingProgress {
  /** Steps taken. */
  readonly step: number;
  /** Batches of the current epoch that are done. */
  readonly batch: number;
  /** Sum over the examples of the current epoch of the loss. */
  readonly lossSum: number;
  /** Training time of the current epoch, in milliseconds. */
  readonly elapsedMs: number;
  /** The epochs that are over. */
  readonly history: readonly EpochMetrics[];
}

/** A training under way. It holds Adam's memory and the threads: declare it with `using`, or dispose of it. */
export interface Training extends Disposable {
  /** What is trained; it stays the caller's. */
  readonly model: Model;
  /** How it is trained. */
  readonly options: TrainingOptions;
  /** Adam's memory. */
  readonly optimizer: Optimizer;
  /** How far it has come; `train()` moves it on. */
  progress: TrainingProgress;
}

/** What a saved training consists of, besides its model. */
export interface SavedTraining {
  /** Adam's moments. */
  readonly moments: readonly NamedTensor[];
  /** How far it had come. */
  readonly progress: TrainingProgress;
}

/**
 * Prepares the training of a model, from the beginning or from where it was saved. The model stays the caller's.
 *
 * @throws {RangeError} if an option is out of its range
 * @throws {TypeError} if saved moments do not fit the model
 */
export function createTraining(
  model: Model,
  options: Partial<TrainingOptions> = {},
  saved?: SavedTraining,
): Training {
  const resolved = resolveTraining(options);
  const optimizer = createOptimizer(model, saved?.moments);
  const threads = holdThreads();
  return {
    model,
    options: resolved,
    optimizer,
    progress: saved?.progress ?? { step: 0, batch: 0, lossSum: 0, elapsedMs: 0, history: [] },
    [Symbol.dispose](): void {
      optimizer[Symbol.dispose]();
      threads[Symbol.dispose]();
    },
  };
}
