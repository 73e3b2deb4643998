/** Which options a training that was saved may go on with, and with which split. @module */
import type { Split } from "../dataset/split.ts";
import { countBatches } from "../dataset/batches.ts";
import type { TrainingOptions } from "./options.ts";
import type { TrainingProgress } from "./progress.ts";
import { SCHEDULE_OPTIONS } from "./schedule.ts";

/** The options that say what a stored position means: a batch of so many examples, in that order, with that rate. */
const POSITION_OPTIONS = ["batchSize", "seed", "schedule"] as const;

/**
 * Checks that a training may go on with other options than it was saved with.
 *
 * `batchSize`, `seed` and `schedule` must stay: they say which examples come next, and at which learning rate. So must what
 * the schedule depends on: of `triangular` `epochs` and `warmup`. The others may change, and with the schedule `constant`
 * a training that is at its end goes on where it is given more epochs.
 *
 * @throws {RangeError} naming the first option that must stay, with both values, and what would be possible
 */
export function checkContinuation(
  saved: { readonly training: TrainingOptions; readonly progress: TrainingProgress },
  given: TrainingOptions,
): void {
  if (saved.progress.step === 0) return; // no position yet
  const { training: before } = saved;
  const dependencies = SCHEDULE_OPTIONS[before.schedule];
  const fixed = [...POSITION_OPTIONS, ...dependencies];
  const changed = fixed.find((name) => given[name] !== before[name]);
  const done = saved.progress.history.length;
  if (changed === undefined && given.epochs >= done) return;
  if (changed === undefined) {
    throw new RangeError(
      `Cannot go on with a saved training: epochs must be at least ${done}, the number of those that are done, but is ${given.epochs}`,
    );
  }
  const why = (dependencies as readonly string[]).includes(changed)
    ? `the ${before.schedule} schedule spreads the learning rate over all steps. A training with the constant schedule can go on with other epochs; for another ${changed} here, start a new training, of this model if you like`
    : `what was saved is a position in batches, and ${
      fixed.join(", ")
    } say what it means. The other options may change; for another ${changed}, start a new training, of this model if you like`;
  throw new RangeError(
    `Cannot go on with a saved training: ${changed} must stay ${before[changed]}, but is ${
      given[changed]
    }: ${why}`,
  );
}

/**
 * Checks that a training's position is one in a split: the one that it began with, or one of as many batches.
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
