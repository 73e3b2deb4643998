/** From a model and options to a training, from the beginning or from a saved position. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { objectRule } from "../arguments/rule.ts";
import { showAs } from "../display/display.ts";
import { checkModel } from "../model/in_use.ts";
import type { Model } from "../model/model.ts";
import { checkTensors } from "../network/parameters.ts";
import { checkContinuation } from "./continuation.ts";
import { checkOptimizerState, optimizerSettings } from "./restore_optimizer.ts";
import { viewHistory } from "./view_history.ts";
import { checkTrainingFits } from "./training_fits.ts";
import type { TrainingOptions } from "./options.ts";
import { checkDropout } from "./regularization.ts";
import { resolveTraining } from "./resolve_training.ts";
import { checkProgress, NO_PROGRESS, type TrainingProgress } from "./progress.ts";
import type { SavedTraining, Training } from "./training.ts";
import { endLoop, registerTraining, type TrainingState } from "./under_way.ts";

const ACTION = "train";

/**
 * Prepares the training of a model, from the beginning or from a saved position. The caller still disposes of the model.
 *
 * A saved training that has begun must keep `batchSize`, `seed`, `swap`, `weighted` and `schedule`; with the schedules
 * `triangular` and `flat` also `epochs` and `warmup`. The other options may change. With the schedule `constant` a finished
 * training continues if it gets more epochs.
 *
 * @throws {TypeError} if an option is unknown or has a wrong type, or saved moments do not fit the model
 * @throws {RangeError} if an option is out of its range, or must stay as it was saved, or a step does not fit the device
 * @throws {Error} if the model was disposed of
 * @example Continue a run with a lower learning rate
 * ```ts
 * import { createModel, createTraining } from "@carry/seq2seq";
 * import { readRun } from "@carry/seq2seq/checkpoint";
 *
 * async function continueRun(path: string): Promise<void> {
 *   const { checkpoint } = await readRun(path);
 *   using model = await createModel(checkpoint.model, { parameters: checkpoint.parameters });
 *   const options = { ...checkpoint.training, learningRate: 0.001 };
 *   using training = createTraining(model, options, checkpoint);
 *   console.log(`continues after step ${training.progress.step}`);
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
  const { config, device, executor } = model;
  checkDropout(resolved.dropout, config.decoder);
  checkTrainingFits(device, { config, batchSize: 1 }); // the batch size is checked when the number of examples is known
  const progress = saved === undefined ? NO_PROGRESS : checkSaved(saved, resolved); // fault point: saved progress
  const moments = saved && checkOptimizerState(executor.network, saved.moments); // fault point: saved moments
  const optimizer = executor.createOptimizer(
    optimizerSettings(resolved, progress.stepsBefore),
    moments,
  );
  const state: TrainingState = {
    ...{ progress, steps: undefined, rest: undefined, failure: undefined },
  };
  const training = showAs<Training>({
    model,
    options: resolved,
    optimizer,
    get progress(): TrainingProgress {
      return state.progress;
    },
    [Symbol.dispose](): void {
      endLoop(training);
      if (!optimizer.disposed) optimizer[Symbol.dispose]();
    },
  }, ({ progress }) => viewHistory(progress.history));
  registerTraining(training, state);
  return training;
}

/** Checks a saved training, and that it can continue with these options; gives its progress. */
function checkSaved(saved: SavedTraining, options: TrainingOptions): TrainingProgress {
  checkValue(ACTION, "the saved training", saved, objectRule());
  checkValue(ACTION, "the saved options", saved.training, objectRule());
  checkTensors(ACTION, saved.moments);
  const progress = checkProgress(ACTION, saved.progress);
  checkContinuation({ training: resolveTraining(saved.training), progress }, options);
  return progress;
}
