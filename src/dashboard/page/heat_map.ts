/// <reference lib="dom" />
/** The probability of every symbol at every position. @module */
import { showSymbol } from "../../codec/show_symbol.ts";
import type { Answered } from "../protocol.ts";
import { element } from "./dom.ts";
import { formatShare, nameSymbol } from "./format.ts";
import type { Task } from "./task.ts";

/** Up to this many symbols are all drawn, otherwise those with {@linkcode LEAST_SHOWN} somewhere. */
const MOST_COMPLETE = 16;
/** Most symbols that are drawn. */
const MOST_SYMBOLS = 40;
/** The least probability that a symbol must have at some position to be drawn. */
const LEAST_SHOWN = 0.01;
/** Positions of padding that are drawn behind an answer, and most positions in all. */
const PADDING_SHOWN = 2;
const MOST_POSITIONS = 64;

/** The most probable symbols of an answer, position by position as people write them, and their probabilities. */
export interface BestSymbols {
  readonly symbols: readonly string[];
  readonly probabilities: readonly number[];
}

/** Gives the symbols of an answer that are shown: without padding at its end. */
export function bestSymbols(answered: Answered, { target: { layout } }: Task): BestSymbols {
  const best = readRows(answered, layout.reverse).map((row) => {
    const probability = Math.max(...row);
    return { symbol: answered.symbols[row.indexOf(probability)] ?? "", probability };
  });
  const end = best.findLastIndex(({ symbol }) => symbol !== layout.padding) + 1;
  const shown = best.slice(0, end).filter(({ symbol }) => symbol !== "");
  return {
    symbols: shown.map(({ symbol }) => symbol),
    probabilities: shown.map(({ probability }) => probability),
  };
}

/** Gives the rows of probabilities in the order in which people write an answer. */
function readRows(
  { probabilities }: Answered,
  reverse: boolean,
): readonly (readonly number[])[] {
  return reverse ? probabilities.toReversed() : probabilities;
}

/** Draws a table with a row for each position and a column for each symbol. The answer is in the left column. */
export function drawHeatMap(answered: Answered, task: Task): HTMLElement {
  const { symbols } = answered;
  const { layout } = task.target;
  const all = readRows(answered, layout.reverse);
  const rows = all.length <= MOST_COMPLETE
    ? all
    : all.slice(0, Math.min(MOST_POSITIONS, countShown(answered, task)));
  const columns = chooseColumns(symbols, rows);
  const body = rows.map((row, position) => {
    const best = row.indexOf(Math.max(...row));
    const attributes = { scope: "row", title: `Position ${position + 1}` };
    return element(
      "tr",
      {},
      element("th", { attributes }, showSymbol(symbols[best] ?? "")),
      ...columns.map((column) =>
        drawCell(symbols[column]!, position, row[column]!, column === best)
      ),
    );
  });
  const longest = Math.max(1, ...columns.map((i) => Array.from(showSymbol(symbols[i]!)).length));
  const table = element(
    "table",
    {
      class: "heat",
      attributes: {
        "aria-label": "Probability in percent of symbols (columns) at every position (rows)",
      },
      properties: {
        "--columns": String(columns.length),
        "--longest": String(Math.min(6, longest)),
      },
    },
    element(
      "thead",
      {},
      element("tr", {}, element("td"), ...columns.map((i) => drawHead(symbols[i]!))),
    ),
    element("tbody", {}, ...body),
  );
  return element(
    "div",
    {},
    element("div", { class: "scroll", attributes: SCROLLED }, table),
    ...(columns.length < symbols.length
      ? [
        element(
          "p",
          { class: "hint" },
          `${columns.length} of ${symbols.length} symbols, those with a probability of 1 % or more.`,
        ),
      ]
      : []),
  );
}

const SCROLLED = { tabindex: "0", role: "region", "aria-label": "Probabilities of symbols" };

/** Counts the positions up to the end of the answer, and a little of its padding. */
function countShown(answered: Answered, { target: { layout } }: Task): number {
  const { symbols } = answered;
  const padding = symbols.indexOf(layout.padding ?? "\0");
  const end = readRows(answered, layout.reverse)
    .findLastIndex((row) => row.indexOf(Math.max(...row)) !== padding);
  return end + 1 + PADDING_SHOWN;
}

/** Chooses the symbols that are drawn: all, or the probable ones. */
function chooseColumns(
  symbols: readonly string[],
  rows: readonly (readonly number[])[],
): readonly number[] {
  const all = symbols.map((_, i) => i);
  if (symbols.length <= MOST_COMPLETE) return all;
  const highest = all.map((i) => Math.max(...rows.map((row) => row[i]!)));
  return all.filter((i) => highest[i]! >= LEAST_SHOWN)
    .sort((a, b) => highest[b]! - highest[a]!)
    .slice(0, MOST_SYMBOLS)
    .sort((a, b) => a - b);
}

function drawHead(symbol: string): HTMLElement {
  const attributes = { scope: "col", title: nameSymbol(symbol) };
  return element("th", { attributes }, showSymbol(symbol));
}

function drawCell(
  symbol: string,
  position: number,
  probability: number,
  isBest: boolean,
): HTMLElement {
  const title = `${nameSymbol(symbol)} at position ${position + 1}: ${formatShare(probability)}`;
  const text = probability >= 0.005 ? String(Math.round(probability * 100)) : "·";
  return element("td", {
    ...(isBest && { class: "best" }),
    attributes: { title },
    properties: { "--tint": `${(probability * 100).toFixed(2)}%` },
  }, text);
}
