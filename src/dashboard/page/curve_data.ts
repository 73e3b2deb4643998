/** The data of the charts: the columns of all runs on one horizontal axis. @module */
import type { GrowingColumns, RunView } from "./state.ts";
import { stepsPerEpoch } from "./state.ts";

/** Unit of the horizontal axis. */
export type XAxis = "step" | "epoch";

/** The columns that a chart shows. */
export interface ChartContent {
  /** A column of the steps, drawn as a thin line. */
  readonly step?: Exclude<keyof GrowingColumns, "step">;
  /** A column of the epochs, drawn as a thick line. */
  readonly epoch?: "validationLoss" | "characterAccuracy" | "exactMatch";
}

/** One line of a chart. */
export interface Line {
  readonly run: number;
  readonly name: string;
  readonly kind: "training" | "validation";
  /** Number of its points. */
  readonly points: number;
  /** The last position of its run on the axis so far. */
  readonly end: number;
}

/** The lines of a chart, and their columns on a common axis. A column has null where its line has no point. */
export interface ChartData {
  readonly lines: readonly Line[];
  /** The axis, then one column for each line. */
  readonly columns: readonly [number[], ...(number | null)[][]];
}

interface Points {
  readonly line: Line;
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/** Gathers the lines of a chart. */
export function gatherChart(
  runs: readonly RunView[],
  content: ChartContent,
  xAxis: XAxis,
): ChartData {
  const all = runs.flatMap((run) => listPoints(run, content, xAxis));
  const ends = listEnds(runs, xAxis);
  const axis = all.reduce<readonly number[]>((axis, { x }) => mergeSorted(axis, x), ends);
  return {
    lines: all.map(({ line }) => line),
    columns: [[...axis], ...all.map((points) => spread(points, axis))],
  };
}

/** Gives the beginning and the end of the axis, which all charts share. */
function listEnds(runs: readonly RunView[], xAxis: XAxis): readonly number[] {
  const end = Math.max(0, ...runs.map((run) => endOf(run, xAxis)));
  return end > 0 ? [0, end] : [];
}

function endOf(run: RunView, xAxis: XAxis): number {
  const step = Math.max(run.steps.step.at(-1) ?? 0, run.epochs.at(-1)?.step ?? 0);
  return xAxis === "epoch" ? step / stepsPerEpoch(run) : step;
}

function listPoints(run: RunView, content: ChartContent, xAxis: XAxis): Points[] {
  const scale = xAxis === "epoch" ? stepsPerEpoch(run) : 1;
  const common = { run: run.run, name: run.name, end: endOf(run, xAxis) };
  const found: Points[] = [];
  if (content.step !== undefined) {
    const y = run.steps[content.step];
    const line = { ...common, kind: "training", points: y.length } as const;
    found.push({ line, x: run.steps.step.map((step) => step / scale), y });
  }
  if (content.epoch !== undefined) {
    const column = content.epoch;
    const line = { ...common, kind: "validation", points: run.epochs.length } as const;
    const x = run.epochs.map(({ step }) => step / scale);
    found.push({ line, x, y: run.epochs.map((epoch) => epoch[column]) });
  }
  return found;
}

/** Merges two ascending lists. Each value occurs once in the result. */
export function mergeSorted(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const merged: number[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const [left, right] = [a[i] ?? Infinity, b[j] ?? Infinity];
    merged.push(Math.min(left, right));
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return merged;
}

/** Places the values of a line at their positions on the axis. */
function spread({ x, y }: Points, axis: readonly number[]): (number | null)[] {
  if (x.length === axis.length) return y.slice();
  let next = 0;
  return axis.map((at) => x[next] === at ? y[next++]! : null);
}

/** Gives the last value at or before an index of the axis; undefined if there is none. */
export function valueAt(column: readonly (number | null)[], index: number): number | undefined {
  for (let i = Math.min(index, column.length - 1); i >= 0; i--) {
    const value = column[i];
    if (value !== null && value !== undefined) return value;
  }
  return undefined;
}
