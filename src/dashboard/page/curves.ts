/// <reference lib="dom" />
/** The learning curves of all runs. @module */
import { type Chart, createChart } from "./chart.ts";
import { runColor } from "./color_scale.ts";
import { type ChartContent, gatherChart, type XAxis } from "./curve_data.ts";
import { element, find, watchChoice } from "./dom.ts";
import { formatCount, formatDuration, formatShare, formatValue } from "./format.ts";
import type { PageState, RunView } from "./state.ts";

const CHARTS: readonly (Parameters<typeof createChart>[0] & { readonly content: ChartContent })[] =
  [
    {
      id: "loss",
      title: "Loss",
      share: false,
      format: formatValue,
      content: { step: "loss", epoch: "validationLoss" },
    },
    {
      id: "exact-match",
      title: "Exact match",
      share: true,
      format: formatTick,
      content: { epoch: "exactMatch" },
    },
    {
      id: "characters",
      title: "Character accuracy",
      share: true,
      format: formatTick,
      content: { step: "characterAccuracy", epoch: "characterAccuracy" },
    },
    {
      id: "learning-rate",
      title: "Learning rate",
      share: false,
      format: formatValue,
      content: { step: "learningRate" },
    },
  ];

/** The curves. */
export interface Curves {
  /** Draws what is new. @param shown the run whose epochs the table lists */
  render(state: PageState, shown: RunView | undefined): void;
  repaint(): void;
}

/** Fills the section of the curves. @param requestFrame asks for another call of `render` */
export function createCurves(requestFrame: () => void): Curves {
  const charts: Chart[] = CHARTS.map(createChart);
  find("charts", HTMLElement).append(...charts.map(({ figure }) => figure));
  const legend = createLegend(requestFrameAnew);
  let xAxis: XAxis = "step";
  let log = true;
  const table = createEpochTable();
  let drawn = "";
  let restUntil = 0;

  function requestFrameAnew(): void {
    drawn = "";
    restUntil = 0;
    requestFrame();
  }
  watchChoice(find("x-axis", HTMLFieldSetElement), (value) => {
    xAxis = value === "epoch" ? "epoch" : "step";
    requestFrameAnew();
  });
  watchChoice(find("loss-scale", HTMLFieldSetElement), (value) => {
    log = value === "log";
    requestFrameAnew();
  });

  return {
    render(state, shown): void {
      table.render(shown);
      const runs = [...state.runs.values()];
      const version = runs.map(versionOf).join();
      if (version === drawn) return;
      const began = performance.now();
      if (began < restUntil) {
        requestFrame();
        return;
      }
      drawn = version;
      legend.render(runs);
      const visible = runs.filter(({ run }) => !legend.isOff(run));
      CHARTS.forEach(({ id, content }, i) => {
        charts[i]!.draw(gatherChart(visible, content, xAxis), { xAxis, log: log && id === "loss" });
      });
      queueMicrotask(() => { // uPlot paints in microtasks asked for before this one
        const now = performance.now();
        restUntil = now + 4 * (now - began); // curves take a fifth of the time at most
      });
    },
    repaint(): void {
      for (const chart of charts) chart.repaint();
    },
  };
}

function versionOf({ run, generation, name, steps, epochs }: RunView): string {
  return `${run} ${generation} ${name} ${steps.step.length} ${epochs.length}`;
}

interface Legend {
  render(runs: readonly RunView[]): void;
  isOff(run: number): boolean;
}

/** A button a run that switches its lines off and on; none where there is one run alone. */
function createLegend(onChange: () => void): Legend {
  const host = find("legend", HTMLElement);
  const off = new Set<number>();
  let shown = "";
  return {
    isOff: (run) => off.has(run),
    render(runs): void {
      const next = runs.map(({ run, name }) => `${run} ${name}`).join("\n");
      if (next === shown) return;
      shown = next;
      host.replaceChildren(...(runs.length < 2 ? [] : runs).map(({ run, name }) => {
        const properties = { "--color": `var(${runColor(run)})` };
        const attributes = { type: "button", "aria-pressed": String(!off.has(run)) };
        const button = element("button", { class: "legend-run", properties, attributes }, name);
        button.addEventListener("click", () => {
          if (!off.delete(run)) off.add(run);
          button.setAttribute("aria-pressed", String(!off.has(run)));
          onChange();
        });
        return button;
      }));
    },
  };
}

/** The epochs of one run as a table: the same figures for who cannot see the curves. */
function createEpochTable(): { render(run: RunView | undefined): void } {
  const body = find("epoch-table", HTMLTableElement).tBodies[0]!;
  let generation = 0;
  return {
    render(run): void {
      if (run?.generation !== generation) body.replaceChildren();
      generation = run?.generation ?? 0;
      const further = run?.epochs.slice(body.rows.length) ?? [];
      body.append(...further.map((row) =>
        element(
          "tr",
          row.best ? { class: "best" } : {},
          ...[
            formatCount(row.epoch),
            formatCount(row.step),
            formatValue(row.loss),
            formatValue(row.validationLoss),
            formatShare(row.characterAccuracy),
            formatShare(row.exactMatch),
            formatDuration(row.elapsedMs),
          ].map((text) => element("td", {}, text)),
        )
      ));
    },
  };
}

function formatTick(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
