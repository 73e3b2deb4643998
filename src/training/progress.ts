/** The progress of a training, and its check. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { arrayRule, integer, isObject, numberRule, objectRule } from "../arguments/rule.ts";
import { type EpochMetrics, METRICS } from "./metrics.ts";

/** How far a training has come. With parameters and moments it is all that is needed to continue as if uninterrupted. */
export interface TrainingProgress {
  /** Number of steps taken. */
  readonly step: number;
  /** Number of batches of the current epoch that are done. */
  readonly batch: number;
  /** Sum of the losses of the current epoch's examples so far, in nats per target character. */
  readonly lossSum: number;
  /** Training time of the current epoch so far, in milliseconds. */
  readonly elapsedMs: number;
  /** The metrics of the completed epochs. */
  readonly history: readonly EpochMetrics[];
}

/** The progress before the first step. */
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
 * Checks a progress as a whole: its figures, the order of its epochs, and that steps and batches agree.
 *
 * @returns a frozen copy
 * @throws {TypeError} if a field is missing or has a wrong type
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
      `Cannot ${action}: the step must be that of the last epoch's end (${last}) plus the batches since then (${batch}), but is ${step}`,
    );
  }
  return Object.freeze({ step, batch, lossSum, elapsedMs, history: Object.freeze(epochs) });
}

function checkEpoch(action: string, metrics: EpochMetrics, i: number): EpochMetrics {
  if (!isObject(metrics) || metrics.epoch !== i + 1) {
    throw new RangeError(
      `Cannot ${action}: the history must list all epochs in order, but epoch ${i + 1} is missing`,
    );
  }
  const { epoch, step, loss, validationLoss, characterAccuracy, exactMatch, elapsedMs } = metrics;
  for (const [name, rule] of FIGURE_RULES) {
    if (rule.findFault(metrics[name]) === undefined) continue; // there may be a million epochs: a text is made only for a fault
    checkValue(action, `${name} of epoch ${epoch}`, metrics[name], rule);
  }
  if (Object.isFrozen(metrics)) return metrics; // nobody can change it later, so it needs no copy
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
