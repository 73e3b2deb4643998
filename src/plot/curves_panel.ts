/** Draws one chart of learning curves: axes, grid, and the curves of every run. @module */
import type { Axis } from "./axis.ts";
import { type CurveLook, type CurveRank, drawCurve, type Point, styleOf } from "./curves_marks.ts";
import { INK, PALE_INK, RULE } from "./svg_page.ts";
import { drawText, escapeXml, measureText, round } from "./svg_text.ts";

/** Lengths in CSS pixels. */
const LABELS_WIDTH = 48;
const HEADING_HEIGHT = 28;
const PLOT_HEIGHT = 224;
const LABELS_HEIGHT = 42;
/** Distance from the edge of the plot to its first and to its last epoch. */
const INSET = 8;
/** Width of a key. */
export const KEY_WIDTH = 28;
/** Space between a key and its text, and after the text. */
export const KEY_SPACE = 8;
const HEADING = 14;
const LABEL = 12;
/** Up to this number of epochs each has a marker; a longer curve has about `FEW_MARKERS`. */
const MOST_MARKERS = 25;
const FEW_MARKERS = 12;

/** Height of a panel with heading and labels. */
export const PANEL_HEIGHT: number = HEADING_HEIGHT + PLOT_HEIGHT + LABELS_HEIGHT;

/** A chart. */
export interface Panel {
  readonly heading: string;
  /** A note on the metrics; may be empty. */
  readonly note: string;
  /** Names of the two metrics that it shows. */
  readonly names: Readonly<Record<CurveRank, string>>;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

/** A metric of a run over the epochs. */
export interface Series {
  readonly title: string;
  readonly look: CurveLook;
  readonly values: readonly { readonly epoch: number; readonly value: number }[];
}

/** The area in which the values are drawn. */
interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Draws a panel of a given width. @param at its upper left corner */
export function drawPanel(panel: Panel, at: Point, width: number): string {
  const plot: Plot = {
    left: at.x + LABELS_WIDTH,
    right: at.x + width,
    top: at.y + HEADING_HEIGHT,
    bottom: at.y + HEADING_HEIGHT + PLOT_HEIGHT,
  };
  const epochs = Math.max(...panel.series.map(({ values }) => values.length));
  const every = epochs <= MOST_MARKERS ? 1 : Math.ceil(epochs / FEW_MARKERS);
  return [
    drawHeading(panel, at.x, plot),
    drawGrid(panel, plot),
    drawEpochs(panel, plot),
    ...(["second", "main"] as const).flatMap((rank) => {
      const series = panel.series.filter((series) => series.look.rank === rank);
      return series.map((one, i) =>
        drawSeries(one, { every, first: Math.floor(every * i / series.length) }, panel, plot)
      );
    }),
  ].join("\n");
}

/** Draws the heading on the left, and keys of the solid and the dashed lines on the right. */
function drawHeading(
  { heading, note, names, series }: Panel,
  left: number,
  { right, top }: Plot,
): string {
  const y = top - 12;
  const noteX = left + measureText(`${heading}  `, HEADING);
  const drawn = [
    drawText(heading, { x: left, y, size: HEADING, fill: INK }),
    ...(note === "" ? [] : [drawText(note, { x: noteX, y, size: LABEL, fill: PALE_INK })]),
  ];
  const { style } = series[0]!.look;
  const neutral = series.length > 2 ? { ...styleOf(0), colour: PALE_INK } : style;
  let end = right;
  for (const rank of ["second", "main"] as const) {
    drawn.push(drawText(names[rank], { x: end, y, size: LABEL, fill: INK, anchor: "end" }));
    end -= measureText(names[rank], LABEL) + KEY_SPACE + KEY_WIDTH;
    drawn.push(drawKey({ x: end, y: y - 4 }, { style: neutral, rank }));
    end -= 2 * KEY_SPACE;
  }
  return drawn.join("\n");
}

/** Draws a key: a piece of a curve's line with a marker, from a point to the right. */
export function drawKey({ x, y }: Point, look: CurveLook): string {
  const [start, middle, end] = [0, KEY_WIDTH / 2, KEY_WIDTH].map((dx) => ({ x: x + dx, y }));
  return drawCurve([start!, end!], [middle!], look);
}

function drawGrid({ y }: Panel, plot: Plot): string {
  const { left, right, bottom } = plot;
  const lineAt = (at: number): string => `M${left} ${heightOf(at, plot)}H${right}`;
  const lines = y.ticks.filter(({ at }) => at > 0).map(({ at }) => lineAt(at)).join("");
  const minor = y.minor.map(lineAt).join("");
  return [
    ...(minor === "" ? [] : [`<path d="${minor}" stroke="${RULE}" stroke-opacity="0.4"/>`]),
    `<path d="${lines}" stroke="${RULE}"/>`,
    `<path d="M${left} ${bottom}H${right}" stroke="${PALE_INK}"/>`,
    ...y.ticks.map(({ at, label }) =>
      drawText(label, {
        x: left - 8,
        y: heightOf(at, plot) + LABEL * 0.36, // centred on Roboto's capitals, 0.71 em high
        size: LABEL,
        fill: PALE_INK,
        anchor: "end",
      })
    ),
  ].join("\n");
}

function drawEpochs({ x }: Panel, plot: Plot): string {
  const { left, right, bottom } = plot;
  const label = { size: LABEL, fill: PALE_INK, anchor: "middle" } as const;
  const marks = x.ticks.map(({ at }) => `M${offsetOf(at, plot)} ${bottom}v4`).join("");
  return [
    `<path d="${marks}" stroke="${PALE_INK}"/>`,
    ...x.ticks.map((tick) =>
      drawText(tick.label, { x: offsetOf(tick.at, plot), y: bottom + 18, ...label })
    ),
    drawText("epoch", { x: (left + right) / 2, y: bottom + 36, ...label }),
  ].join("\n");
}

/** Draws a curve. Markers of several runs begin at different epochs, so that they do not cover one another. */
function drawSeries(
  { title, look, values }: Series,
  { every, first }: { every: number; first: number },
  panel: Panel,
  plot: Plot,
): string {
  const points = values.map(({ epoch, value }) => ({
    x: offsetOf(panel.x.place(epoch), plot),
    y: heightOf(panel.y.place(value), plot),
  }));
  const marked = points.filter((_, i) => i % every === first || i === points.length - 1);
  return `<g>\n<title>${escapeXml(title)}</title>\n${drawCurve(points, marked, look)}\n</g>`;
}

function offsetOf(at: number, { left, right }: Plot): number {
  return round(left + INSET + at * (right - left - 2 * INSET));
}

function heightOf(at: number, { top, bottom }: Plot): number {
  return round(bottom - at * (bottom - top));
}
