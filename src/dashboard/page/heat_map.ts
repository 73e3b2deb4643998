/// <reference lib="dom" />
/** The probability of every symbol at every position. @module */
import { traceEdits, writesEdits } from "../../codec/answer_edits.ts";
import { countSymbols, orderPositions, type TextLayout } from "../../codec/layout.ts";
import type { Answered } from "../protocol.ts";
import { element } from "./dom.ts";
import { drawHeatTable } from "./heat_table.ts";
import type { Task } from "./task.ts";

/** Up to this many symbols are all drawn, otherwise those of the answer, and those with {@linkcode LEAST_SHOWN} somewhere. */
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

/** Gives the symbols of an answer that are shown: without padding at its end, and of edits those that they make. */
export function bestSymbols(answered: Answered, { target: { layout } }: Task): BestSymbols {
  const { chosen, probabilities, symbols } = answered;
  const best = readOrder(answered, layout).map((t) => ({
    symbol: symbols[chosen[t]!] ?? "",
    probability: probabilities[t]![chosen[t]!] ?? 0,
  }));
  const end = best.findLastIndex(({ symbol }) => symbol !== layout.padding) + 1;
  const written = best.slice(0, end).filter(({ symbol }) => symbol !== "");
  const shown = writesEdits(layout)
    ? traceEdits(answered.question, written.map(({ symbol }) => symbol), layout)
      .map(({ symbol, from }) => ({ symbol, probability: written[from]!.probability }))
    : written;
  return {
    symbols: shown.map(({ symbol }) => symbol),
    probabilities: shown.map(({ probability }) => probability),
  };
}

/** Gives the positions of an answer in the order in which people write it. */
function readOrder({ chosen }: Answered, layout: TextLayout): readonly number[] {
  return orderPositions(layout, countSymbols(layout, chosen));
}

/** Draws a table with a row for each position and a column for each symbol. The answer is in the left column. */
export function drawHeatMap(answered: Answered, task: Task): HTMLElement {
  const { symbols } = answered;
  const { layout } = task.target;
  const order = readOrder(answered, layout);
  const all = order.map((t) => answered.probabilities[t]!);
  const chosen = order.map((t) => answered.chosen[t]!);
  const rows = all.length <= MOST_COMPLETE
    ? all
    : all.slice(0, Math.min(MOST_POSITIONS, countShown(answered, task)));
  const columns = chooseColumns(symbols, rows, new Set(chosen.slice(0, rows.length)));
  const table = drawHeatTable({
    label: "Probability in percent of symbols (columns) at every position (rows)",
    columns: columns.map((i) => symbols[i]!),
    rows: rows.map((row, i) => ({
      symbol: symbols[chosen[i]!] ?? "",
      position: `position ${i + 1}`,
      shares: columns.map((column) => row[column]!),
      best: columns.indexOf(chosen[i]!),
    })),
  });
  return element(
    "div",
    {},
    table,
    ...(columns.length < symbols.length
      ? [
        element(
          "p",
          { class: "hint" },
          `${columns.length} of ${symbols.length} symbols: those of the answer, and those with a probability of 1 % or more.`,
        ),
      ]
      : []),
  );
}

/** Counts the positions up to the end of the answer, and a little of its padding. */
function countShown(answered: Answered, { target: { layout } }: Task): number {
  return countSymbols(layout, answered.chosen) + PADDING_SHOWN;
}

/** Chooses the symbols that are drawn: all, or those of the answer and the probable ones. */
function chooseColumns(
  symbols: readonly string[],
  rows: readonly (readonly number[])[],
  chosen: ReadonlySet<number>,
): readonly number[] {
  const all = symbols.map((_, i) => i);
  if (symbols.length <= MOST_COMPLETE) return all;
  const highest = all.map((i) => Math.max(...rows.map((row) => row[i]!)));
  return all.filter((i) => chosen.has(i) || highest[i]! >= LEAST_SHOWN)
    .sort((a, b) => Number(chosen.has(b)) - Number(chosen.has(a)) || highest[b]! - highest[a]!)
    .slice(0, MOST_SYMBOLS)
    .sort((a, b) => a - b);
}
