/// <reference lib="dom" />
/** The probability of every character at every position. @module */
import type { Answered } from "../protocol.ts";
import { element } from "./dom.ts";
import { formatShare, nameCharacter, showCharacter } from "./format.ts";

/** Draws a table with a row for each position and a column for each character. The answer is in the left column. */
export function drawHeatMap({ symbols: columns, probabilities }: Answered): HTMLElement {
  const head = columns.map((character) =>
    element("th", { attributes: { scope: "col" } }, showCharacter(character))
  );
  const body = probabilities.map((row, position) => {
    const best = row.indexOf(Math.max(...row));
    const attributes = { scope: "row", title: `Position ${position + 1}` };
    return element(
      "tr",
      {},
      element("th", { attributes }, showCharacter(columns[best] ?? "")),
      ...columns.map((character, column) =>
        drawCell(character, position, row[column]!, column === best)
      ),
    );
  });
  return element(
    "table",
    {
      class: "heat",
      attributes: {
        "aria-label":
          "Probability in percent of every character (columns) at every position (rows)",
      },
    },
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
