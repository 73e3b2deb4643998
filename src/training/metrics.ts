/** The metrics of epochs, and which of two epochs is better. @module */
import type { Rules } from "../arguments/resolve_options.ts";
import { integer, numberRule, type Rule } from "../arguments/rule.ts";

/** The metrics of an epoch. */
export interface EpochMetrics {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Number of steps taken until the end of the epoch. */
  readonly step: number;
  /** Mean cross-entropy per target character over the epoch's training batches, in nats, each before its update. */
  readonly loss: number;
  /** Mean cross-entropy per target character on the validation split, in nats. */
  readonly validationLoss: number;
  /** Share of correct characters on the validation split, of those that count, from 0 to 1. */
  readonly characterAccuracy: number;
  /** Share of the validation split with every character correct, from 0 to 1. */
  readonly exactMatch: number;
  /** Training time of this epoch alone, in milliseconds. */
  readonly elapsedMs: number;
}

/** A finite number. */
export const FINITE: Rule<number> = numberRule("finite", Number.isFinite);

/** A share. */
export const SHARE: Rule<number> = numberRule("from 0 to 1", (value) => value >= 0 && value <= 1);

/** A duration in milliseconds, or another sum that is not negative. */
export const SUM: Rule<number> = numberRule(
  "finite, and 0 or more",
  (value) => value >= 0 && value < Infinity,
);

/** The rule of every figure of an epoch, in the order in which they are saved. */
export const EPOCH_RULES: Rules<EpochMetrics> = {
  epoch: integer(1),
  step: integer(0),
  loss: FINITE,
  validationLoss: FINITE,
  characterAccuracy: SHARE,
  exactMatch: SHARE,
  elapsedMs: SUM,
};

/** Every figure of an epoch, in the order in which they are saved. */
export const EPOCH_FIGURES = Object.keys(EPOCH_RULES) as readonly (keyof EpochMetrics)[];

/** A metric that a stop rule or `monitor` can use. */
export type MetricName = "exactMatch" | "characterAccuracy" | "validationLoss" | "loss";

/** Every such metric, for checks and help texts. */
export const METRICS: readonly MetricName[] = [
  "exactMatch",
  "characterAccuracy",
  "validationLoss",
  "loss",
];

/** Says whether a metric has reached a value: accuracies from below, losses from above. */
export function hasReached(metrics: EpochMetrics, metric: MetricName, value: number): boolean {
  return isLoss(metric) ? metrics[metric] <= value : metrics[metric] >= value;
}

/** Says whether an epoch is better than another: by the metric, and at a tie by the validation loss. */
function isBetter(metrics: EpochMetrics, than: EpochMetrics, metric: MetricName): boolean {
  if (metrics[metric] === than[metric]) return metrics.validationLoss < than.validationLoss;
  return isLoss(metric) ? metrics[metric] < than[metric] : metrics[metric] > than[metric];
}

/** Finds the best epoch; undefined if there is none. */
export function findBest(
  history: readonly EpochMetrics[],
  metric: MetricName,
): EpochMetrics | undefined {
  let best = history[0];
  for (const metrics of history) if (isBetter(metrics, best!, metric)) best = metrics;
  return best;
}

/** Says whether lower values of a metric are better. */
export function isLoss(metric: MetricName): metric is "validationLoss" | "loss" {
  return metric === "validationLoss" || metric === "loss";
}
