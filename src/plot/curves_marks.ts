/** Styles of curves. Each run has a colour and a marker; each metric has solid or dashed lines, and filled or hollow markers. @module */
import { PAPER } from "./svg_page.ts";
import { round } from "./svg_text.ts";

/** A place in a picture, in CSS pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The style that all curves of a run share. */
export interface RunStyle {
  readonly colour: string;
  /** Draws the outline of a marker. */
  readonly marker: (at: Point) => string;
}

/** Rank of a curve: `main` is solid with filled markers, `second` is dashed with hollow ones. */
export type CurveRank = "main" | "second";

/** Style and rank of a curve. */
export interface CurveLook {
  readonly style: RunStyle;
  readonly rank: CurveRank;
}

/**
 * Colours of runs. Each has a contrast of at least 3 to 1 to the paper (WCAG 2.2, 1.4.11). Any two differ by at least 0.1 in
 * OKLab, also as protanopes, deuteranopes and tritanopes see them (Machado et al. 2009).
 */
export const COLOURS: readonly string[] = [
  "#5790fc",
  "#e8590c",
  "#01665e",
  "#7a21dd",
  "#1f2328",
  "#cc79a7",
];

const MARKERS: readonly RunStyle["marker"][] = [
  ({ x, y }) => `M${round(x - 3)} ${round(y)}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z`,
  ({ x, y }) => `M${round(x - 3)} ${round(y - 3)}h6v6h-6Z`,
  ({ x, y }) => `M${round(x)} ${round(y - 4)}l4 7h-8Z`,
  ({ x, y }) => `M${round(x)} ${round(y - 4)}l4 4l-4 4l-4 -4Z`,
  ({ x, y }) => `M${round(x)} ${round(y + 4)}l4 -7h-8Z`,
];

/** Most runs of a picture. The numbers of colours and markers have no common divisor, so no two runs share both. */
export const MOST_RUNS: number = COLOURS.length * MARKERS.length;

/** Gives the style of a run by its position in a picture, from 0. */
export function styleOf(run: number): RunStyle {
  return {
    colour: COLOURS[run % COLOURS.length]!,
    marker: MARKERS[run % MARKERS.length]!,
  };
}

/** Draws a curve: a line through points, and markers on some of them. */
export function drawCurve(
  points: readonly Point[],
  marked: readonly Point[],
  { style: { colour, marker }, rank }: CurveLook,
): string {
  const line = points.map(({ x, y }) => `${round(x)} ${round(y)}`).join("L");
  const markers = `<path d="${marked.map(marker).join("")}" fill="${
    rank === "main" ? colour : PAPER
  }" stroke="${colour}"/>`;
  if (points.length === 1) return markers;
  const stroke = rank === "main" ? `stroke-width="2"` : `stroke-width="1.5" stroke-dasharray="5 3"`;
  return `<path d="M${line}" fill="none" stroke="${colour}" ${stroke} stroke-linejoin="round"/>\n${markers}`;
}
