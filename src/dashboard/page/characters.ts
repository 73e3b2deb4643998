/// <reference lib="dom" />
/** Draws an answer with the probability of each symbol, and the mark that says whether it is correct. @module */
import { showSymbol } from "../../codec/show_symbol.ts";
import { certaintyOf } from "./color_scale.ts";
import { element } from "./dom.ts";
import { formatShare, nameSymbol } from "./format.ts";

/** Draws the symbols of a text. The colour and the underline of each show its probability. */
export function drawSymbols(
  symbols: readonly string[],
  probabilities: readonly number[],
  separator: string,
): HTMLElement {
  const drawn = symbols.map((symbol, i) => {
    const probability = probabilities[i] ?? 0;
    const title = `${nameSymbol(symbol)}: ${formatShare(probability)}`;
    return element(
      "span",
      {
        class: `character ${certaintyOf(probability)}`,
        attributes: { title },
        properties: { "--tint": `${(probability * 100).toFixed(1)}%` },
      },
      showSymbol(symbol),
    );
  });
  if (drawn.length === 0) drawn.push(element("span", { class: "empty" }, "nothing"));
  const kind = separator === "" ? "characters" : "characters tokens";
  return element("span", { class: kind }, ...drawn);
}

/** Draws ☑ or ☒, with a word for screen readers. */
export function drawMark(right: boolean): HTMLElement {
  return element(
    "span",
    { class: `mark ${right ? "right" : "wrong"}` },
    element("span", { attributes: { "aria-hidden": "true" } }, right ? "☑" : "☒"),
    element("span", { class: "hidden" }, right ? "correct: " : "wrong: "),
  );
}
