/// <reference lib="dom" />
/** The confusion matrix of symbols: targets and predictions. @module */
import { showSymbol } from "../../codec/show_symbol.ts";
import type { Learned } from "../../evaluation/learned.ts";
import type { CellPick } from "./behind_cell.ts";
import { createCellButton } from "./cell_button.ts";
import { moveByArrows } from "./cell_grid.ts";
import { errorStrength } from "./color_scale.ts";
import { element } from "./dom.ts";
import { formatCount, formatNarrow, formatShare, nameSymbol } from "./format.ts";
import { sumConfusion } from "./shares.ts";

/** Most symbols that are drawn: those with most errors. */
const MOST_SYMBOLS = 32;

/** Draws the matrix: a row for each target symbol, a column for each predicted one. Symbols that never occur are left out. */
export function drawConfusion(
  learned: readonly Learned[],
  index: number,
  onPick: (pick: CellPick) => void,
): HTMLElement {
  const chosen = learned[index]!;
  const { symbols, confusion } = chosen;
  const { targets, errors } = sumConfusion(chosen);
  const all = symbols.map((_, i) => i).filter((i) => targets[i]! > 0 || isAnswered(learned, i));
  const used = all.length <= MOST_SYMBOLS ? all : keepWorst(all, errors);
  const head = used.map((i) => drawName(symbols[i]!, "col"));
  const rows = used.filter((row) => targets[row]! > 0).map((row) =>
    element(
      "tr",
      {},
      drawName(symbols[row]!, "row"),
      ...used.map((column) => {
        const count = confusion[row * symbols.length + column]!;
        const pick = {
          kind: "confusion",
          target: symbols[row]!,
          guess: symbols[column]!,
        } as const;
        return element("td", {}, drawCell(pick, count, targets[row]!, () => onPick(pick)));
      }),
    )
  );
  const longest = Math.max(1, ...used.map((i) => Array.from(showSymbol(symbols[i]!)).length));
  const table = element(
    "table",
    {
      class: "cells confusion",
      attributes: { "aria-label": "Target symbols (rows) and predicted symbols (columns)" },
      properties: { "--columns": String(used.length), "--longest": String(Math.min(6, longest)) },
    },
    element("thead", {}, element("tr", {}, element("td"), ...head)),
    element("tbody", {}, ...rows),
  );
  moveByArrows(table);
  const hint = used.length < all.length
    ? [
      element(
        "p",
        { class: "hint" },
        `The ${used.length} symbols with most errors out of ${all.length}.`,
      ),
    ]
    : [];
  return element("div", {}, ...hint, element("div", { class: "scroll" }, table));
}

/** Keeps the symbols with most errors, in the order of the table. */
function keepWorst(all: readonly number[], errors: readonly number[]): readonly number[] {
  const worst = all.toSorted((a, b) => errors[b]! - errors[a]!).slice(0, MOST_SYMBOLS);
  return worst.sort((a, b) => a - b);
}

function drawName(symbol: string, scope: "row" | "col"): HTMLElement {
  return element("th", { attributes: { scope, title: nameSymbol(symbol) } }, showSymbol(symbol));
}

function drawCell(
  { target, guess }: Extract<CellPick, { readonly kind: "confusion" }>,
  count: number,
  total: number,
  onPick: () => void,
): HTMLElement {
  const right = target === guess;
  const [is, was] = [nameSymbol(target), nameSymbol(guess)];
  const share = `${formatNarrow(count)} of ${formatCount(total)} times, ${
    formatShare(count / total)
  }`;
  const name = right
    ? `${is} predicted correctly: ${share}`
    : `${was} predicted instead of ${is}: ${share}`;
  return createCellButton(
    {
      key: `confusion ${JSON.stringify([target, guess])}`,
      name,
      class: right ? "diagonal" : count > 0 ? "confused" : "never",
      tint: right ? 0 : errorStrength(count, total),
      onPick,
    },
    count === 0 ? "" : formatNarrow(count),
  );
}

/** Says whether a symbol was predicted in any epoch: so the columns are the same in all epochs. */
function isAnswered(learned: readonly Learned[], column: number): boolean {
  return learned.some(({ symbols: { length: size }, confusion }) => {
    for (let at = column; at < confusion.length; at += size) if (confusion[at]! > 0) return true;
    return false;
  });
}
