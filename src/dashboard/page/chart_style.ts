/// <reference lib="dom" />
/** The style of the charts. @module */
import type uPlot from "uplot";
import { runColor } from "./color_scale.ts";
import type { Line, XAxis } from "./curve_data.ts";
import { formatCount } from "./format.ts";

/** Options of a chart. */
export interface ChartOptions {
  readonly id: string;
  readonly title: string;
  /** Writes a value of the vertical axis as text. */
  readonly format: (value: number) => string;
  /** Whether values are shares: the axis ends at 1. */
  readonly share: boolean;
}

/** The axes of a chart. */
export interface ChartView {
  readonly xAxis: XAxis;
  readonly log: boolean;
}

const FONT = "11px system-ui, sans-serif";

/** Gives the options of uPlot, without size and hooks. @param host the element whose style sheet gives the colours */
export function configureChart(
  host: HTMLElement,
  lines: readonly Line[],
  view: ChartView,
  { format, share }: ChartOptions,
): Omit<uPlot.Options, "width" | "height"> {
  const color = (name: string) => (): string => readColor(host, name);
  const axis = {
    stroke: color("--muted"),
    font: FONT,
    grid: { stroke: color("--grid"), width: 1 },
    ticks: { show: false },
  };
  const isAlone = ({ kind }: Line): boolean => lines.every((other) => other.kind === kind);
  return {
    legend: { show: false },
    padding: [8, 18, 0, 0],
    cursor: {
      sync: { key: "curves", scales: ["x", null] },
      y: false,
      points: { size: 6 },
      drag: { x: true, y: false },
    },
    scales: {
      x: { time: false },
      y: view.log
        ? { distr: 3, range: (_u, min, max): uPlot.Range.MinMax => rangeOfLog(min, max) }
        : { range: (_u, min, max): uPlot.Range.MinMax => rangeOf(min, max, share) },
    },
    axes: [
      { ...axis, size: 26, values: (_u, at) => at.map((x) => x === null ? "" : formatCount(x)) },
      {
        ...axis,
        size: 52,
        values: (_u, at) => at.map((y) => y === null ? "" : format(y)),
      },
    ],
    series: [
      {},
      ...lines.map((line): uPlot.Series => ({
        stroke: color(runColor(line.run)),
        width: line.kind === "validation" ? 2.25 : isAlone(line) ? 1.5 : 1,
        alpha: line.kind === "training" && !isAlone(line) ? 0.55 : 1,
        spanGaps: true,
        points: { show: line.kind === "validation" && line.points <= 60, size: 5 },
      })),
    ],
  };
}

/** Ranges are never empty: uPlot would draw grid lines without end. */
function rangeOf(min: number | null, max: number | null, share: boolean): uPlot.Range.MinMax {
  if (min === null || max === null) return [0, 1];
  if (share) return [min > 0.5 ? Math.min(0.95, Math.floor(min * 20) / 20) : 0, 1];
  return [0, max === 0 ? 1 : max * 1.05];
}

function rangeOfLog(min: number | null, max: number | null): uPlot.Range.MinMax {
  if (min === null || max === null || min <= 0) return [0.01, 10];
  const [low, high] = [roundDown(min), 1 / roundDown(1 / max)];
  return [low, high > low ? high : 10 * low];
}

/** Gives a colour of the style sheet: a canvas, on which uPlot draws, has no custom properties. */
function readColor(host: HTMLElement, name: string): string {
  host.style.setProperty("color", `var(${name})`);
  const { color } = getComputedStyle(host);
  host.style.removeProperty("color");
  return color;
}

/** Rounds down to 1, 2 or 5 times a power of ten. */
function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const digit = value / power;
  return Number(((digit < 2 ? 1 : digit < 5 ? 2 : 5) * power).toPrecision(1));
}
