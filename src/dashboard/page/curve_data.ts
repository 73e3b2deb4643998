/** Columns for the charts: all runs on one horizontal axis. @module */
import type { GrowingColumns, RunView } from "./state.ts";
import { stepsPerEpoch } from "./state.ts";

/** What the horizontal axis counts. */
export type XAxis = "step" | "epoch";

/** What a chart draws. */
export interface ChartContent {
  /** Column of the steps: a thin line. */
  readonly step?: Exclude<keyof GrowingColumns, "step">;
  /** Column of the epochs: a thick line. */
  readonly epoch?: "validationLoss" | "characterAccuracy" | "exactMatch";
}

/** One line of a chart. */
export interface Line {
  readonly run: number;
  readonly name: string;
  readonly kind: "training" | "validation";
  /** Points it has. */
  readonly points: number;
  /** Where its run ends on the axis, for now. */
  readonly end: number;
}

/** A chart's lines, and their columns on a common axis; null where a line has no point. */
export interface ChartData {
  readonly lines: readonly Line[];
  /** First the axis, then a column a line. */
  readonly columns: readonly [number[], ...(number | null)[][]];
}

interface Points {
  readonly line: Line;
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/** Gathers a chart's lines. */
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

/** Begin and end that all charts share, whatever they have points of. */
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

/** Joins two ascending lists, each value once. */
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

/** Puts a line's values where the axis has its points. */
function spread({ x, y }: Points, axis: readonly number[]): (number | null)[] {
  if (x.length === axis.length) return y.slice();
  let next = 0;
  return axis.map((at) => x[next] === at ? y[next++]! : null);
}

/** Gives the last point at or before an index of the axis, undefined where there is none. */
export function valueAt(column: readonly (number | null)[], index: number): number | undefined {
  for (let i = Math.min(index, column.length - 1); i >= 0; i--) {
    const value = column[i];
    if (value !== null && value !== undefined) return value;
  }
  return undefined;
}
