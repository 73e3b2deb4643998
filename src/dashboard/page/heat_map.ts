/// <reference lib="dom" />
/** The probability of every character at every position. @module */
import type { Answered } from "../protocol.ts";
import { element } from "./dom.ts";
import { formatShare, nameCharacter, showCharacter } from "./format.ts";

/** Draws a table: a column a position, a row a character; the answer is read off the top. */
export function drawHeatMap({ characters, probabilities }: Answered): HTMLElement {
  const rows = Array.from(characters);
  const best = probabilities.map((column) => column.indexOf(Math.max(...column)));
  const head = best.map((at, position) =>
    element(
      "th",
      { attributes: { scope: "col", title: `Position ${position + 1}` } },
      showCharacter(rows[at] ?? ""),
    )
  );
  const body = rows.map((character, row) =>
    element(
      "tr",
      {},
      element("th", { attributes: { scope: "row" } }, showCharacter(character)),
      ...probabilities.map((column, position) =>
        drawCell(character, position, column[row]!, best[position] === row)
      ),
    )
  );
  return element(
    "table",
    { class: "heat" },
    element(
      "caption",
      { class: "hidden" },
      "Probability in per cent of every character (rows) at every position (columns)",
    ),
    element("thead", {}, element("tr", {}, element("td"), ...head)),
    element("tbody", {}, ...body),
  );
}

function drawCell(
  character: string,
  position: number,
  probability: number,
  isBest: boolean,
): HTMLElement {
  const title = `${nameCharacter(character)} at position ${position + 1}: ${
    formatShare(probability)
  }`;
  const text = probability >= 0.005 ? String(Math.round(probability * 100)) : "·";
  return element("td", {
    ...(isBest && { class: "best" }),
    attributes: { title },
    properties: { "--tint": `${(probability * 100).toFixed(2)}%` },
  }, text);
}
