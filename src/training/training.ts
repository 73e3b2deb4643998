/** A training under way: its model, its options, Adam's memory and how far it has come. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { objectRule } from "../arguments/rule.ts";
import { holdThreads } from "../backend/threads.ts";
import { checkModel } from "../model/in_use.ts";
import type { Model } from "../model/model.ts";
import { checkTensors, type NamedTensor } from "../model/parameters.ts";
import { checkContinuation } from "./continuation.ts";
import { createOptimizer, type Optimizer } from "./optimizer.ts";
import { checkTrainingFits } from "./training_cost.ts";
import { resolveTraining, type TrainingOptions } from "./options.ts";
import { checkProgress, NO_PROGRESS, type TrainingProgress } from "./progress.ts";
import { endLoop, registerTraining, type TrainingState } from "./under_way.ts";

export type { TrainingProgress };

/** A training under way. It holds Adam's memory and the threads: declare it with `using`, or dispose of it. */
export interface Training extends Disposable {
  /** What is trained; it stays the caller's. */
  readonly model: Model;
  /** How it is trained. */
  readonly options: TrainingOptions;
  /** Adam's memory. */
  readonly optimizer: Optimizer;
  /** How far it has come; `train()` moves it on. */
  readonly progress: TrainingProgress;
}

/** What a saved training consists of, besides its model. A checkpoint is one. */
export interface SavedTraining {
  /** How it was trained: what its progress means depends on some of these options. */
  readonly training: TrainingOptions;
  /** Adam's moments. */
  readonly moments: readonly NamedTensor[];
  /** How far it had come. */
  readonly progress: TrainingProgress;
}

const ACTION = "train";

/**
 * Prepares the training of a model, from the beginning or from where it was saved. The model stays the caller's.
 *
 * A saved training that has begun must keep `batchSize`, `seed` and `schedule`, with the schedule `triangular` also
 * `epochs` and `warmup`. The other options may change. With the schedule `constant` a training that is at its end
 * goes on if it is given more epochs.
 *
 * @throws {TypeError} if an option is not known or has a wrong type, or saved moments do not fit the model
 * @throws {RangeError} if an option is out of its range, or must stay as it was saved, or a step does not fit the device
 * @throws {Error} if the model cannot be used: disposed of, or on another backend
 * @example Go on where a run stopped, with a lower learning rate
 * ```ts
 * import { createModel, createTraining, readRun } from "@carry/seq2seq";
 *
 * async function goOn(path: string): Promise<void> {
 *   const { checkpoint } = await readRun(path);
 *   using model = await createModel(checkpoint.model, { parameters: checkpoint.parameters });
 *   const options = { ...checkpoint.training, learningRate: 0.001 };
 *   using training = createTraining(model, options, checkpoint);
 *   console.log(`goes on after step ${training.progress.step}`);
 * }
 * ```
 */
export function createTraining(
  model: Model,
  options: Partial<TrainingOptions> = {},
  saved?: SavedTraining,
): Training {
  const resolved = resolveTraining(options);
  checkModel(ACTION, model);
  checkTrainingFits(model.config, 1); // with which batches, is known when there are examples
  const progress = saved === undefined ? NO_PROGRESS : checkSaved(saved, resolved);
  const optimizer = createOptimizer(model, saved?.moments);
  const threads = holdThreads();
  const state: TrainingState = { progress, stepping: undefined, failure: undefined };
  const training: Training = {
    model,
    options: resolved,
    optimizer,
    get progress(): TrainingProgress {
      return state.progress;
    },
    [Symbol.dispose](): void {
      endLoop(training);
      optimizer[Symbol.dispose]();
      threads[Symbol.dispose]();
    },
  };
  registerTraining(training, state);
  return training;
}

/** Checks what was saved, and that it can go on with these options; gives how far it had come. */
function checkSaved(saved: SavedTraining, options: TrainingOptions): TrainingProgress {
  checkValue(ACTION, "the saved training", saved, objectRule());
  checkValue(ACTION, "the saved options", saved.training, objectRule());
  checkTensors(ACTION, saved.moments);
  const progress = checkProgress(ACTION, saved.progress);
  checkContinuation({ training: resolveTraining(saved.training), progress }, options);
  return progress;
}
