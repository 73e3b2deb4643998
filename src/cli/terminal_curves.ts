/** Draws learning curves in a terminal, with block characters, which every monospaced font has. @module */
import { type Axis, createLossAxis, createShareAxis } from "../plot/axis.ts";
import type { EpochMetrics } from "../training/metrics.ts";

/** Lines of a chart's plot. With five, each is 20 % high. */
const ROWS = 5;
/** Widest chart, in characters. */
const WIDEST = 38;
/** Least columns of a plot, on any terminal. */
const NARROWEST_PLOT = 8;
/** Columns between two charts. */
const GAP = 3;
/** Least columns of the terminal for two charts side by side. */
const TWO_COLUMNS = 60;
/** Blocks that fill 0 to 8 eighths of a character from below. */
const BLOCKS = " ▁▂▃▄▅▆▇█";
/** Largest distance of a value from the line of its label, in lines. */
const TOLERANCE = 0.2;

/** A chart of a figure over the epochs. */
interface Chart {
  readonly heading: string;
  readonly values: readonly number[];
  readonly axis: Axis;
  /** Epochs on the axis. The last of them may have no values. */
  readonly epochs: number;
}

/**
 * Draws exact match and validation loss of some runs: one picture a run, all on the same axes. The two charts are side by side
 * if there is room. An epoch takes one or more columns. If there are more epochs than columns, a column shows the last of its
 * epochs.
 *
 * @param histories the epochs of each run, at least one
 * @param columns width of the terminal; at most 79 columns are used
 */
export function drawTerminalCurves(
  histories: readonly (readonly EpochMetrics[])[],
  columns: number,
): string[] {
  const epochs = Math.max(...histories.map(({ length }) => length));
  const share = createShareAxis();
  const loss = createLossAxis(histories.flat().map(({ validationLoss }) => validationLoss));
  const sideBySide = columns >= TWO_COLUMNS;
  const width = Math.min(WIDEST, Math.floor(sideBySide ? (columns - 1 - GAP) / 2 : columns - 1));
  return histories.map((history) => {
    const [left, right] = [
      drawChart({
        heading: "Exact match",
        values: history.map(({ exactMatch }) => exactMatch),
        axis: share,
        epochs,
      }, width),
      drawChart({
        heading: loss.logarithmic ? "Validation loss, logarithmic" : "Validation loss",
        values: history.map(({ validationLoss }) => validationLoss),
        axis: loss,
        epochs,
      }, width),
    ];
    const lines = sideBySide
      ? left.map((line, i) => line.padEnd(width + GAP) + right[i])
      : [...left, ...right];
    return lines.map((line) => line.trimEnd()).join("\n");
  });
}

/** Draws a chart as lines of a width: heading, plot, axis, first and last epoch. */
function drawChart({ heading, values, axis, epochs }: Chart, width: number): string[] {
  const labels = labelRows(axis);
  const labelWidth = Math.max(...labels.map(({ length }) => length));
  const most = Math.max(NARROWEST_PLOT, width - labelWidth - 2);
  const least = axis.logarithmic ? 1 : 0; // the lower end is not 0, so a value there must be visible
  const levels = spread(values, epochs, most).map((value) =>
    value === undefined ? 0 : Math.max(least, Math.round(axis.place(value) * ROWS * 8))
  );
  const margin = (label: string, edge: string): string => `${label.padStart(labelWidth)} ${edge}`;
  const lines = [heading];
  for (let row = ROWS; row > 0; row--) {
    const label = labels[row]!;
    const blocks = levels.map((level) => BLOCKS[Math.min(8, Math.max(0, level - 8 * (row - 1)))]);
    lines.push(margin(label, label === "" ? "│" : "┤") + blocks.join(""));
  }
  lines.push(margin(labels[0]!, "└") + "─".repeat(levels.length));
  lines.push(margin("", " ") + labelEpochs(epochs, levels.length));
  return lines;
}

/** Labels the lower edge of the plot, then the upper edge of every row: the ends, and round values on an edge. */
function labelRows({ ticks, ends }: Axis): string[] {
  const labels = new Array<string>(ROWS + 1).fill("");
  for (const { at, label } of ticks) {
    const row = Math.round(at * ROWS);
    if (Math.abs(at * ROWS - row) <= TOLERANCE) labels[row] = label;
  }
  [labels[0], labels[ROWS]] = ends;
  return labels;
}

/** Gives every epoch the same number of columns, or every column about the same number of epochs. */
function spread(
  values: readonly number[],
  epochs: number,
  most: number,
): (number | undefined)[] {
  const width = Math.floor(most / epochs);
  const indexOf = width > 0
    ? (column: number): number => Math.floor(column / width)
    : (column: number): number => Math.ceil((column + 1) * epochs / most) - 1;
  return Array.from({ length: width > 0 ? epochs * width : most }, (_, i) => values[indexOf(i)]);
}

function labelEpochs(epochs: number, columns: number): string {
  const last = epochs > 1 ? String(epochs) : "";
  const room = columns - 1 - last.length;
  const word = room >= 9 ? "epoch" : "";
  const before = Math.floor((room - word.length) / 2);
  return `1${" ".repeat(Math.max(1, before))}${word}`.padEnd(columns - last.length) + last;
}
