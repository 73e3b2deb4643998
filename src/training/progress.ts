/** How far a training has come, and whether that can be. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { arrayRule, integer, isObject, numberRule, objectRule } from "../arguments/rule.ts";
import { type EpochMetrics, METRICS } from "./metrics.ts";

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

/** How far a training has come before its first step. */
export const NO_PROGRESS: TrainingProgress = Object.freeze({
  step: 0,
  batch: 0,
  lossSum: 0,
  elapsedMs: 0,
  history: Object.freeze([]),
});

const COUNT = integer(0);
const FIGURE = numberRule("finite", Number.isFinite);
const SUM = numberRule("finite, and 0 or more", (value) => value >= 0 && value < Infinity);

const FIGURE_RULES = [
  ["step", COUNT],
  ["elapsedMs", SUM],
  ...METRICS.map((name) => [name, FIGURE] as const),
] as const;

/**
 * Checks a progress as a whole: its figures, its epochs in their order, and that steps and batches agree.
 *
 * @returns a copy, which a caller who changes the object later does not change
 * @throws {TypeError} if something is missing or has a wrong type
 * @throws {RangeError} if a figure is not possible
 */
export function checkProgress(action: string, progress: TrainingProgress): TrainingProgress {
  checkValue(action, "the progress", progress, objectRule());
  const { step, batch, lossSum, elapsedMs, history } = progress;
  checkValue(action, "step", step, COUNT);
  checkValue(action, "batch", batch, COUNT);
  checkValue(action, "lossSum", lossSum, SUM);
  checkValue(action, "elapsedMs", elapsedMs, SUM);
  checkValue(action, "the history", history, arrayRule());
  const epochs = history.map((metrics, i) => checkEpoch(action, metrics, i));
  let last = 0;
  for (const { epoch, step } of epochs) {
    if (step <= last) {
      throw new RangeError(
        `Cannot ${action}: every epoch must end after the one before, but epoch ${epoch} ends at step ${step} and the one before at step ${last}`,
      );
    }
    last = step;
  }
  if (step - batch !== last) {
    throw new RangeError(
      `Cannot ${action}: the step must be that of the last epoch's end (${last}) and the batches since then (${batch}), but is ${step}`,
    );
  }
  return Object.freeze({ step, batch, lossSum, elapsedMs, history: Object.freeze(epochs) });
}

function checkEpoch(action: string, metrics: EpochMetrics, i: number): EpochMetrics {
  if (!isObject(metrics) || metrics.epoch !== i + 1) {
    throw new RangeError(
      `Cannot ${action}: the history must have every epoch in its place, but epoch ${
        i + 1
      } is not there`,
    );
  }
  const { epoch, step, loss, validationLoss, characterAccuracy, exactMatch, elapsedMs } = metrics;
  for (const [name, rule] of FIGURE_RULES) {
    if (rule.findFault(metrics[name]) === undefined) continue; // there may be a million: no text is made for nothing
    checkValue(action, `${name} of epoch ${epoch}`, metrics[name], rule);
  }
  if (Object.isFrozen(metrics)) return metrics; // nobody changes it later: no copy
  return Object.freeze({
    epoch,
    step,
    loss,
    validationLoss,
    characterAccuracy,
    exactMatch,
    elapsedMs,
  });
}
