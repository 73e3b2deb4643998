/** Shows trainings in a notebook. @module */
import type { MediaBundle } from "../display/display.ts";
import { formatShare } from "../evaluation/format.ts";
import { drawCurves } from "../plot/curves.ts";
import type { EpochMetrics } from "../training/metrics.ts";

/** The name of the curves. */
const NAME = "this training";

/** Shows the metrics of epochs as learning curves. */
export function showHistory(history: readonly EpochMetrics[]): MediaBundle {
  if (history.length === 0) return { "text/plain": "No epoch is complete" };
  return {
    "text/plain": tabulateEpochs(history),
    "image/svg+xml": drawCurves([{ name: NAME, history }]),
  };
}

/** Writes a line for each epoch. */
function tabulateEpochs(history: readonly EpochMetrics[]): string {
  const rows = [
    ["epoch", "loss", "validation", "characters", "exact match"],
    ...history.map(({ epoch, loss, validationLoss, characterAccuracy, exactMatch }) => [
      ...[String(epoch), loss.toFixed(4), validationLoss.toFixed(4)],
      ...[formatShare(characterAccuracy), formatShare(exactMatch)],
    ]),
  ];
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) => row.map((cell, i) => cell.padStart(widths[i]!)).join("  ")).join("\n");
}
