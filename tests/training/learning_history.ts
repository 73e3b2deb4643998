/** Makes the metrics of epochs without a training. @module */
import type { EpochMetrics } from "../../src/training/metrics.ts";

/** Makes epochs whose losses fall from 2 by a factor per epoch, and whose accuracies rise towards 1. */
export function makeHistory(epochs: number, factor = 0.8): EpochMetrics[] {
  return Array.from({ length: epochs }, (_, i) => ({
    epoch: i + 1,
    step: 10 * (i + 1),
    loss: 2 * factor ** i,
    validationLoss: 1.5 * factor ** i,
    characterAccuracy: 1 - 0.5 * factor ** i,
    exactMatch: 1 - factor ** i,
    elapsedMs: 100,
  }));
}
