/** Draws learning curves: loss and accuracy of one or more runs over the epochs. @module */
import type { MetricName } from "../training/metrics.ts";
import { createEpochAxis, createLossAxis, createShareAxis } from "./axis.ts";
import { type CurveRank, styleOf } from "./curves_marks.ts";
import {
  drawKey,
  drawPanel,
  KEY_SPACE,
  KEY_WIDTH,
  type Panel,
  PANEL_HEIGHT,
  type Series,
} from "./curves_panel.ts";
import { checkRuns, type CurvesRun, summarizeRun } from "./curves_run.ts";
import { drawPage, INK, PALE_INK } from "./svg_page.ts";
import { drawText, fitText, measureText } from "./svg_text.ts";

/** Lengths in CSS pixels. The width suits a README. */
const WIDTH = 840;
const MARGIN = 24;
const PANEL_GAP = 32;
const PANEL_WIDTH = (WIDTH - 2 * MARGIN - PANEL_GAP) / 2;
const TITLE = 16;
const TITLE_HEIGHT = 32;
const ENTRY = 14;
const ENTRY_HEIGHT = 24;
const ENTRY_GAP = 32;
const NAME_OFFSET = KEY_WIDTH + KEY_SPACE;
const LEGEND_SPACE = 16;

/**
 * Draws the learning curves of one or more runs as an SVG. The left chart shows the loss on the training and the validation
 * split, on a logarithmic axis if it spans a decade. The right chart shows exact match and character accuracy.
 *
 * Runs differ in colour and marker. Colour-blind readers can tell the colours apart too. In each chart the more important
 * metric is solid, the other one dashed. Every text states its width in Roboto; a viewer with another font stretches the
 * text to that width.
 *
 * @param runs 1 to 30 runs, each with at least one epoch
 * @returns an SVG document, 840 CSS pixels wide; the same runs give the same characters
 * @throws {TypeError} if an argument has a wrong type
 * @throws {RangeError} if the number of runs is not 1 to 30, a run has no epoch, or a metric is out of its range
 * @example
 * ```ts
 * import { drawCurves } from "@carry/seq2seq/plot";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const epoch = { step: 704, elapsedMs: 3400 };
 * const svg = drawCurves([{
 *   name: "fast",
 *   history: [
 *     { ...epoch, epoch: 1, loss: 1.64, validationLoss: 1.13, characterAccuracy: 0.565, exactMatch: 0.035 },
 *     { ...epoch, epoch: 2, loss: 0.71, validationLoss: 0.15, characterAccuracy: 0.952, exactMatch: 0.834 },
 *   ],
 * }]);
 * assertStringIncludes(svg, "fast: exact match 83.40 % after epoch 2");
 * ```
 */
export function drawCurves(runs: readonly CurvesRun[]): string {
  checkRuns(runs);
  const title = runs.length === 1 ? `Learning curves of ${runs[0]!.name}` : "Learning curves";
  const legend = drawLegend(runs);
  const top = MARGIN + TITLE_HEIGHT + legend.height + LEGEND_SPACE;
  return drawPage({
    width: WIDTH,
    height: top + PANEL_HEIGHT + MARGIN / 2,
    title,
    description: runs.map((run) =>
      `${run.name}: ${summarizeRun(run)} after epoch ${run.history.length}`
    ).join("; "),
    body: [
      drawText("Learning curves", { x: MARGIN, y: MARGIN + TITLE, size: TITLE, fill: INK }),
      legend.drawn,
      ...listPanels(runs).map((panel, i) =>
        drawPanel(panel, { x: MARGIN + i * (PANEL_WIDTH + PANEL_GAP), y: top }, PANEL_WIDTH)
      ),
    ],
  });
}

function listPanels(runs: readonly CurvesRun[]): Panel[] {
  const x = createEpochAxis(Math.max(...runs.map(({ history }) => history.length)));
  const y = createLossAxis(
    runs.flatMap(({ history }) => history.flatMap((epoch) => [epoch.loss, epoch.validationLoss])),
  );
  return [
    {
      heading: "Loss",
      note: y.logarithmic ? "logarithmic" : "",
      names: { main: "validation", second: "training" },
      x,
      y,
      series: listSeries(runs, { main: "validationLoss", second: "loss" }),
    },
    {
      heading: "Accuracy",
      note: "validation",
      names: { main: "exact match", second: "characters" },
      x,
      y: createShareAxis(),
      series: listSeries(runs, { main: "exactMatch", second: "characterAccuracy" }),
    },
  ];
}

const METRIC_WORDS: Readonly<Record<MetricName, string>> = {
  loss: "training loss",
  validationLoss: "validation loss",
  characterAccuracy: "character accuracy",
  exactMatch: "exact match",
};

function listSeries(
  runs: readonly CurvesRun[],
  metrics: Readonly<Record<CurveRank, MetricName>>,
): Series[] {
  return runs.flatMap(({ name, history }, run) =>
    (["main", "second"] as const).map((rank) => ({
      title: `${name}, ${METRIC_WORDS[metrics[rank]]}`,
      look: { style: styleOf(run), rank },
      values: history.map((epoch) => ({ epoch: epoch.epoch, value: epoch[metrics[rank]] })),
    }))
  );
}

/** Draws the name and the result of every run, in as many columns as fit. */
function drawLegend(runs: readonly CurvesRun[]): { drawn: string; height: number } {
  const room = WIDTH - 2 * MARGIN;
  const entries = runs.map((run) => {
    const result = summarizeRun(run);
    const resultWidth = KEY_SPACE + measureText(result, ENTRY);
    const name = fitText(run.name, ENTRY, room - NAME_OFFSET - resultWidth);
    const nameEnd = NAME_OFFSET + measureText(name, ENTRY);
    return { name, result, nameEnd, end: nameEnd + resultWidth };
  });
  const pitch = Math.max(...entries.map(({ end }) => Math.ceil(end))) + ENTRY_GAP;
  const columns = Math.max(1, Math.floor((room + ENTRY_GAP) / pitch));
  const drawn = entries.flatMap(({ name, result, nameEnd }, i) => {
    const x = MARGIN + (i % columns) * pitch;
    const y = MARGIN + TITLE_HEIGHT + Math.floor(i / columns) * ENTRY_HEIGHT + ENTRY;
    return [
      drawKey({ x, y: y - 5 }, { style: styleOf(i), rank: "main" }),
      drawText(name, { x: x + NAME_OFFSET, y, size: ENTRY, fill: INK }),
      drawText(result, { x: x + nameEnd + KEY_SPACE, y, size: ENTRY, fill: PALE_INK }),
    ];
  });
  return { drawn: drawn.join("\n"), height: Math.ceil(runs.length / columns) * ENTRY_HEIGHT };
}
