/** Shows trainings in a notebook. @module */
import type { MediaBundle } from "../display/display.ts";
import { formatPlural, formatShare } from "../evaluation/format.ts";
import { drawCurves } from "../plot/curves.ts";
import type { EpochMetrics } from "../training/metrics.ts";

/** The name of the curves. */
const NAME = "this training";

/** Most epochs that are listed as text: of more the last ones. */
const MOST_LISTED = 100;

/** Shows the metrics of epochs as learning curves. */
export function showHistory(history: readonly EpochMetrics[]): MediaBundle {
  if (history.length === 0) return { "text/plain": "No epoch is complete" };
  return {
    "text/plain": tabulateEpochs(history),
    "image/svg+xml": drawCurves([{ name: NAME, history }]),
  };
}

/** Writes a line for each of the last epochs. */
function tabulateEpochs(history: readonly EpochMetrics[]): string {
  const hidden = Math.max(0, history.length - MOST_LISTED);
  const rows = [
    ["epoch", "loss", "validation", "characters", "exact match"],
    ...history.slice(hidden).map((
      { epoch, loss, validationLoss, characterAccuracy, exactMatch },
    ) => [
      ...[String(epoch), loss.toFixed(4), validationLoss.toFixed(4)],
      ...[formatShare(characterAccuracy), formatShare(exactMatch)],
    ]),
  ];
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const lines = rows.map((row) => row.map((cell, i) => cell.padStart(widths[i]!)).join("  "));
  return [...lines, ...(hidden > 0 ? [`and ${formatPlural(hidden, "epoch")} before`] : [])]
    .join("\n");
}
