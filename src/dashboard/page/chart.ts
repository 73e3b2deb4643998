/// <reference lib="dom" />
/** A chart: uPlot in the page's colours, with the values under the cursor as text. @module */
import uPlot from "uplot";
import { type ChartOptions, type ChartView, configureChart } from "./chart_style.ts";
import type { ChartData, Line } from "./curve_data.ts";
import { element } from "./dom.ts";
import { writeReadout } from "./readout.ts";

/** A chart on the page. */
export interface Chart {
  readonly figure: HTMLElement;
  /** Draws data. It is fast if the lines are the same as before. */
  draw(data: ChartData, view: ChartView): void;
  /** Draws again, after the colours have changed. */
  repaint(): void;
}

const HEIGHT_PX = 200;

/** Makes a chart. All charts share one cursor. */
export function createChart(options: ChartOptions): Chart {
  const readout = element("p", { class: "readout" });
  const host = element("div", {
    class: "plot",
    attributes: {
      tabindex: "0",
      role: "group",
      "aria-label": `${options.title}: the arrow keys move through the values`,
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

  const read = (index: number | null | undefined): void => {
    if (shown !== undefined) writeReadout(readout, shown.data, shown.view, options, index);
  };
  const build = ({ data, view }: { data: ChartData; view: ChartView }): void => {
    plot?.destroy();
    const size = { width: Math.max(200, host.clientWidth), height: HEIGHT_PX };
    const hooks: uPlot.Hooks.Arrays = {
      setCursor: [(u) => read(u.cursor.idx)],
    };
    const config = { ...configureChart(host, data.lines, view, options), ...size, hooks };
    plot = new uPlot(config, toAligned(data, view), host);
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
        const zoomed = isZoomed(plot);
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

/** Says whether the chart is zoomed: then new points must not change the range. */
function isZoomed({ scales: { x }, data: [axis] }: uPlot): boolean {
  const { min, max } = x!;
  return (min ?? 0) > (axis[0] ?? 0) || (max ?? 0) < (axis.at(-1) ?? 0);
}

/** Leaves out points that are not positive if the axis is logarithmic. */
function toAligned(data: ChartData, { log }: ChartView): uPlot.AlignedData {
  const [x, ...columns] = data.columns;
  if (!log) return [x, ...columns];
  return [x, ...columns.map((column) => column.map((y) => y !== null && y > 0 ? y : null))];
}

function countPoints(figure: HTMLElement, lines: readonly Line[]): void {
  const count = (kind: Line["kind"]): number =>
    lines.reduce((sum, line) => sum + (line.kind === kind ? line.points : 0), 0);
  figure.dataset.stepPoints = String(count("training"));
  figure.dataset.epochPoints = String(count("validation"));
}

/** Moves the cursor by a key. @returns whether the key has a meaning */
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
