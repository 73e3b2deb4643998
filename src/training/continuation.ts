/** Checks with which options and which split a saved training may continue. @module */
import type { Split } from "../dataset/split.ts";
import { countBatches } from "../dataset/batches.ts";
import { TRAINING_SETTINGS, type TrainingOptions } from "./options.ts";
import type { TrainingProgress } from "./progress.ts";
import { SCHEDULE_OPTIONS } from "./schedule.ts";

/** The options that a saved position depends on: the size of a batch, the order of the examples, the learning rate. */
const POSITION_OPTIONS = (Object.keys(TRAINING_SETTINGS) as (keyof TrainingOptions)[])
  .filter((name) => TRAINING_SETTINGS[name].change === "never");

/**
 * Checks that a saved training may continue with the given options.
 *
 * `batchSize`, `seed`, `swap`, `weighted` and `schedule` must stay: they determine the next examples and the learning rate.
 * The options that the schedule depends on must stay too: `epochs` and `warmup` with `triangular` and `flat`. All others may
 * change. With the schedule `constant` a finished training continues if it gets more epochs.
 *
 * @throws {RangeError} if an option changes that must stay, with its name, both values, and what is possible
 */
export function checkContinuation(
  saved: { readonly training: TrainingOptions; readonly progress: TrainingProgress },
  given: TrainingOptions,
): void {
  if (saved.progress.step === 0) return; // there is no position yet
  const { training: before } = saved;
  const dependencies = SCHEDULE_OPTIONS[before.schedule];
  const fixed = [...POSITION_OPTIONS, ...dependencies];
  const changed = fixed.find((name) => given[name] !== before[name]);
  const done = saved.progress.history.length;
  if (changed === undefined && given.epochs >= done) return;
  if (changed === undefined) {
    throw new RangeError(
      `Cannot continue the saved training: epochs must be at least ${done}, the number of epochs that are done, but is ${given.epochs}`,
    );
  }
  const why = (dependencies as readonly string[]).includes(changed)
    ? `the ${before.schedule} schedule spreads the learning rate over all steps. Only a training with the constant schedule can continue with other epochs. To change ${changed}, start a new training; it can use this model`
    : `the saved position depends on ${
      fixed.join(", ")
    }. The other options may change. To change ${changed}, start a new training; it can use this model`;
  throw new RangeError(
    `Cannot continue the saved training: ${changed} must stay ${before[changed]}, but is ${
      given[changed]
    }: ${why}`,
  );
}

/**
 * Checks that a training's position fits a split: the split that it began with, or another one with as many batches.
 *
 * @throws {RangeError} if it is not
 */
export function checkPosition(
  { progress, options }: {
    readonly progress: TrainingProgress;
    readonly options: TrainingOptions;
  },
  split: Split,
): void {
  const { step, batch, history } = progress;
  const batchesAnEpoch = countBatches(split.training, options.batchSize);
  const isThere = step - batch === history.length * batchesAnEpoch && batch <= batchesAnEpoch;
  if (isThere) return;
  throw new RangeError(
    `Cannot train: the split must be the one that the training began with: it has taken ${step} steps, of which ${batch} since the end of epoch ${history.length}, but this split has ${batchesAnEpoch} batches of ${options.batchSize} examples an epoch`,
  );
}
