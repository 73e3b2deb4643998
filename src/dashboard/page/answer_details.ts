/// <reference lib="dom" />
/** What is shown of an answer besides itself: the other answers, and the attention. @module */
import type { Answered } from "../protocol.ts";
import { element } from "./dom.ts";
import { formatShare } from "./format.ts";
import { drawHeatTable } from "./heat_table.ts";

/** Draws the best answers, this one first, with their probabilities; nothing if there is only one. */
export function drawAlternatives({ alternatives }: Answered): HTMLElement[] {
  if (alternatives.length < 2) return [];
  const items = alternatives.map(({ answer, probability }) =>
    element(
      "li",
      {},
      element(
        "span",
        {
          class: "alternative",
          properties: { "--share": `${(probability * 100).toFixed(2)}%` },
        },
        element("bdi", {}, answer || "nothing"),
        element("span", { class: "sure-of" }, formatShare(probability)),
      ),
    )
  );
  return [
    element("h3", {}, "Best answers"),
    element("ol", { class: "alternatives" }, ...items),
  ];
}

/** Draws what each symbol of the answer looked at in the question; nothing for a model without attention. */
export function drawAttention({ attention }: Answered): HTMLElement[] {
  if (attention === undefined || attention.answer.length * attention.question.length === 0) {
    return [];
  }
  const { question, answer, weights } = attention;
  return [
    element("h3", {}, "Attention"),
    drawHeatTable({
      label:
        "Attention in percent to symbols of the question (columns) for every symbol of the answer (rows)",
      columns: question,
      rows: answer.map((symbol, i) => ({
        symbol,
        position: `position ${i + 1}`,
        shares: weights[i]!,
        best: weights[i]!.indexOf(Math.max(...weights[i]!)),
      })),
    }),
    element(
      "p",
      { class: "hint" },
      "How much the model looked at each symbol of the question (columns) for each symbol of its answer (rows), in percent.",
    ),
  ];
}
