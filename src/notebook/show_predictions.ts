/** Shows answers in a notebook. @module */
import { escapeText } from "../arguments/escape.ts";
import type { MediaBundle } from "../display/display.ts";
import { formatCount, formatShare } from "../evaluation/format.ts";
import type { Prediction } from "../model/predict.ts";
import { foreign, html, type Markup } from "../plot/report/markup.ts";
import { type Cell, writePlainTable } from "./write_plain_table.ts";

/** Most answers that are shown: of more the first ones. */
const MOST_SHOWN = 100;

/** Shows answers as a table: question, answer, probability, and the other answers if there are some. */
export function showPredictions(predictions: readonly Prediction[]): MediaBundle {
  const shown = predictions.slice(0, MOST_SHOWN);
  const hidden = predictions.length - shown.length;
  const rest = hidden > 0 ? [`and ${formatCount(hidden)} more`] : [];
  const hasOthers = shown.some(({ alternatives = [] }) => alternatives.length > 1);
  const head: Cell[] = ["question", "answer", { number: "probability" }];
  const rows = shown.map((prediction) => writeRow(prediction, hasOthers));
  return {
    "text/plain": [...shown.map(writeLine), ...rest].join("\n"),
    "text/html":
      html`${writePlainTable(hasOthers ? [...head, "other answers"] : head, rows)}${
        rest.map((text) => html`<p>${text}</p>`)
      }`.markup,
  };
}

function writeLine({ question, answer, probability }: Prediction): string {
  return `${escapeText(question)} → ${escapeText(answer)}  ${formatShare(probability)}`;
}

function writeRow(prediction: Prediction, hasOthers: boolean): Cell[] {
  const { question, answer, probability, alternatives = [] } = prediction;
  const others = alternatives.slice(1).map((each, i): Markup =>
    html`${i === 0 ? "" : ", "}${foreign(each.answer)} (${formatShare(each.probability)})`
  );
  return [
    ...[foreign(question), foreign(answer), { number: formatShare(probability) }],
    ...(hasOthers ? [others] : []),
  ];
}
