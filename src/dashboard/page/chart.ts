/// <reference lib="dom" />
/** One chart: uPlot in the page's colours, with a read-out of the values under the cursor. @module */
import uPlot from "uplot";
import { type ChartData, type Line, valueAt, type XAxis } from "./curve_data.ts";
import { runColor } from "./color_scale.ts";
import { element } from "./dom.ts";
import { formatCount } from "./format.ts";

/** What a chart is about. */
export interface ChartOptions {
  readonly id: string;
  readonly title: string;
  /** Writes a value of the vertical axis. */
  readonly format: (value: number) => string;
  /** Whether values are shares: the axis ends at 1. */
  readonly share: boolean;
}

/** How it is drawn. */
export interface ChartView {
  readonly xAxis: XAxis;
  readonly log: boolean;
}

/** A chart on the page. */
export interface Chart {
  readonly figure: HTMLElement;
  /** Draws data; cheap where the lines are the same as before. */
  draw(data: ChartData, view: ChartView): void;
  /** Draws again in the present colours. */
  repaint(): void;
}

const HEIGHT_PX = 200;
const FONT = "11px system-ui, sans-serif";

/** Makes a chart. All charts share one cursor. */
export function createChart(options: ChartOptions): Chart {
  const readout = element("p", { class: "readout" });
  const host = element("div", {
    class: "plot",
    attributes: {
      tabindex: "0",
      role: "group",
      "aria-label": `${options.title}, arrow keys read it`,
    },
  });
  const figure = element(
    "figure",
    { class: "chart", attributes: { id: `chart-${options.id}` } },
    element("figcaption", {}, element("h3", {}, options.title), readout),
    host,
  );
  let plot: uPlot | undefined;
  let shown: { data: ChartData; view: ChartView } | undefined;
  let shape = "";
  let zoomed = false;

  const read = (index: number | null | undefined): void => {
    if (shown !== undefined) writeReadout(readout, shown.data, shown.view, options, index);
  };
  const build = ({ data, view }: { data: ChartData; view: ChartView }): void => {
    plot?.destroy();
    zoomed = false;
    const size = { width: Math.max(200, host.clientWidth), height: HEIGHT_PX };
    const hooks: uPlot.Hooks.Arrays = {
      setCursor: [(u) => read(u.cursor.idx)],
      setSelect: [({ select }) => zoomed = select.width > 0],
    };
    const config = { ...configure(host, data.lines, view, options), ...size, hooks };
    plot = new uPlot(config, toAligned(data, view), host);
    plot.over.addEventListener("dblclick", () => zoomed = false);
  };
  new ResizeObserver(() => {
    const width = host.clientWidth;
    if (width > 0) plot?.setSize({ width, height: HEIGHT_PX });
  }).observe(host);
  host.addEventListener("keydown", (event) => {
    if (plot !== undefined && moveCursor(plot, event)) event.preventDefault();
  });

  return {
    figure,
    draw(data, view): void {
      shown = { data, view };
      const next = `${view.xAxis} ${view.log} ${data.lines.map((l) => `${l.run}${l.kind}`)}`;
      countPoints(figure, data.lines);
      if (plot === undefined || next !== shape) build(shown);
      else {
        plot.setData(toAligned(data, view), !zoomed);
        if (zoomed) plot.redraw();
      }
      shape = next;
      read(plot!.cursor.idx);
    },
    repaint(): void {
      plot?.redraw(false, true);
      read(plot?.cursor.idx);
    },
  };
}

/** A logarithm has no zero: such points are left out. */
function toAligned(data: ChartData, { log }: ChartView): uPlot.AlignedData {
  const [x, ...columns] = data.columns;
  if (!log) return [x, ...columns];
  return [x, ...columns.map((column) => column.map((y) => y !== null && y > 0 ? y : null))];
}

function configure(
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

function rangeOf(min: number | null, max: number | null, share: boolean): uPlot.Range.MinMax {
  if (min === null || max === null) return [0, 1];
  if (share) return [min > 0.5 ? Math.floor(min * 20) / 20 : 0, 1];
  return [0, max === 0 ? 1 : max * 1.05];
}

function rangeOfLog(min: number | null, max: number | null): uPlot.Range.MinMax {
  if (min === null || max === null || min <= 0) return [0.01, 10];
  return [min / 1.3, max * 1.3];
}

/** uPlot paints on a canvas, which knows no custom properties: the element resolves them. */
function readColor(host: HTMLElement, name: string): string {
  host.style.setProperty("color", `var(${name})`);
  const { color } = getComputedStyle(host);
  host.style.removeProperty("color");
  return color;
}

function countPoints(figure: HTMLElement, lines: readonly Line[]): void {
  const count = (kind: Line["kind"]): number =>
    lines.reduce((sum, line) => sum + (line.kind === kind ? line.points : 0), 0);
  figure.dataset.stepPoints = String(count("training"));
  figure.dataset.epochPoints = String(count("validation"));
}

function writeReadout(
  readout: HTMLElement,
  { lines, columns: [x, ...columns] }: ChartData,
  { xAxis }: ChartView,
  { format }: ChartOptions,
  cursor: number | null | undefined,
): void {
  const index = cursor ?? x.length - 1;
  const at = x[index];
  const several = new Set(lines.map(({ run }) => run)).size > 1;
  const values = lines.flatMap((line, i) => {
    const value = at === undefined || at > line.end ? undefined : valueAt(columns[i]!, index);
    if (value === undefined) return [];
    const properties = { "--color": `var(${runColor(line.run)})` };
    const text = several ? format(value) : `${line.kind} ${format(value)}`;
    const title = `${line.name}, ${line.kind}`;
    return [
      element("span", { class: `value ${line.kind}`, properties, attributes: { title } }, text),
    ];
  });
  const where = at === undefined
    ? ""
    : `${xAxis} ${xAxis === "step" ? formatCount(at) : at.toFixed(2)}`;
  readout.replaceChildren(element("span", { class: "where" }, where), ...values);
}

/** Moves the cursor by key. @returns whether the key was one of its own */
function moveCursor(plot: uPlot, { key, shiftKey }: KeyboardEvent): boolean {
  const last = plot.data[0].length - 1;
  const now = plot.cursor.idx ?? last;
  const by = shiftKey ? Math.max(1, Math.round(last / 10)) : 1;
  const moves: Record<string, number> = {
    ArrowLeft: now - by,
    ArrowRight: now + by,
    Home: 0,
    End: last,
  };
  const index = moves[key];
  if (index === undefined || last < 0) return false;
  const left = plot.valToPos(plot.data[0][Math.min(last, Math.max(0, index))]!, "x");
  plot.setCursor({ left, top: 0 });
  return true;
}
