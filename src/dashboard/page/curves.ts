/// <reference lib="dom" />
/** The learning curves of all runs. @module */
import { type Chart, createChart } from "./chart.ts";
import { type ChartContent, gatherChart, type XAxis } from "./curve_data.ts";
import { find, watchChoice } from "./dom.ts";
import { createEpochTable } from "./epoch_table.ts";
import { formatValue } from "./format.ts";
import type { Drawing } from "./frames.ts";
import { createLegend } from "./legend.ts";
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

/** The section of the curves. */
export interface Curves {
  /** Draws the curves if they have changed. @param shown the run whose epochs the table lists */
  draw(state: PageState, shown: RunView | undefined): Drawing;
  repaint(): void;
}

/** Fills the section of the curves. @param requestFrame asks for another call of `draw` */
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
    *draw(state, shown): Drawing {
      yield table.render(shown);
      const runs = [...state.runs.values()];
      const version = runs.map(versionOf).join();
      if (version === drawn) return;
      const began = performance.now();
      if (began < restUntil) {
        requestFrame();
        return;
      }
      drawn = version;
      yield legend.render(runs);
      const visible = runs.filter(({ run }) => !legend.isOff(run));
      for (const [i, { id, content }] of CHARTS.entries()) {
        const view = { xAxis, log: log && id === "loss" };
        yield charts[i]!.draw(gatherChart(visible, content, xAxis), view);
      }
      queueMicrotask(() => { // uPlot draws in microtasks that were queued before this one
        const now = performance.now();
        restUntil = now + 4 * (now - began); // drawing takes a fifth of the time at most
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

function formatTick(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
