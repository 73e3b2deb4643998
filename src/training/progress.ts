/** The progress of a training, and its check. @module */
import { checkValue, type Rules } from "../arguments/resolve_options.ts";
import { recordRule } from "../arguments/record.ts";
import {
  arrayRule,
  integer,
  isObject,
  objectRule,
  optional,
  type Rule,
} from "../arguments/rule.ts";
import { showAs } from "../display/display.ts";
import { EPOCH_FIGURES, EPOCH_RULES, type EpochMetrics, SUM } from "./metrics.ts";
import { viewHistory } from "./view_history.ts";

/** How far a training has come. With parameters and moments it is all that is needed to continue as if uninterrupted. */
export interface TrainingProgress {
  /** Number of steps taken. */
  readonly step: number;
  /** Number of steps that the optimiser had taken before this training, in another program. Default 0. */
  readonly stepsBefore?: number;
  /** Number of batches of the current epoch that are done. */
  readonly batch: number;
  /** Sum of the losses of the current epoch's examples so far, in nats per target character. */
  readonly lossSum: number;
  /** Training time of the current epoch so far, in milliseconds. */
  readonly elapsedMs: number;
  /** The metrics of the completed epochs. A notebook shows them as curves. */
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

/** The rule of each field. The epochs of the history are checked one by one: there may be a million. */
const RULES: Rules<TrainingProgress> = {
  step: COUNT,
  stepsBefore: optional(COUNT),
  batch: COUNT,
  lossSum: SUM,
  elapsedMs: SUM,
  history: arrayRule(),
};

const PROGRESS: Rule<TrainingProgress> = recordRule(RULES);
const EPOCH: Rule<EpochMetrics> = recordRule(EPOCH_RULES);

/**
 * Checks a progress as a whole: its figures, the order of its epochs, and that steps and batches agree.
 *
 * @returns a frozen copy
 * @throws {TypeError} if a field is missing, is unknown or has a wrong type
 * @throws {RangeError} if a figure is not possible
 */
export function checkProgress(action: string, progress: TrainingProgress): TrainingProgress {
  checkValue(action, "the progress", progress, objectRule());
  checkValue(action, "the progress", progress, PROGRESS);
  const { step, stepsBefore, batch, lossSum, elapsedMs, history } = progress;
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
  return Object.freeze({
    step,
    batch,
    lossSum,
    elapsedMs,
    history: Object.freeze(showAs(epochs, viewHistory)),
    ...(stepsBefore !== undefined && { stepsBefore }),
  });
}

function checkEpoch(action: string, metrics: EpochMetrics, i: number): EpochMetrics {
  if (!isObject(metrics) || metrics.epoch !== i + 1) {
    throw new RangeError(
      `Cannot ${action}: the history must list all epochs in order, but epoch ${i + 1} is missing`,
    );
  }
  if (EPOCH.findFault(metrics) !== undefined) { // there may be a million epochs: texts are made only for a fault
    for (const name of EPOCH_FIGURES) {
      checkValue(action, `${name} of epoch ${i + 1}`, metrics[name], EPOCH_RULES[name]);
    }
    checkValue(action, `epoch ${i + 1}`, metrics, EPOCH);
  }
  return Object.isFrozen(metrics) ? metrics : Object.freeze({ ...metrics }); // a frozen one needs no copy
}
