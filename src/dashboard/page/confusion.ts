/// <reference lib="dom" />
/** The confusion matrix of characters: targets and predictions. @module */
import type { Learned } from "../../evaluation/learned.ts";
import type { CellPick } from "./behind_cell.ts";
import { createCellButton } from "./cell_button.ts";
import { moveByArrows } from "./cell_grid.ts";
import { errorStrength } from "./color_scale.ts";
import { element } from "./dom.ts";
import { formatCount, formatNarrow, formatShare, nameCharacter, showCharacter } from "./format.ts";
import { confusionTotals } from "./shares.ts";

/** Draws the matrix: a row for each target character, a column for each predicted one. Characters that never occur are left out. */
export function drawConfusion(
  learned: readonly Learned[],
  index: number,
  onPick: (pick: CellPick) => void,
): HTMLElement {
  const chosen = learned[index]!;
  const all = chosen.symbols;
  const totals = confusionTotals(chosen);
  const used = all.map((_, i) => i).filter((i) => totals[i]! > 0 || isAnswered(learned, i));
  const head = used.map((i) =>
    element("th", { attributes: { scope: "col" } }, showCharacter(all[i]!))
  );
  const rows = used.filter((row) => totals[row]! > 0).map((row) =>
    element(
      "tr",
      {},
      element("th", { attributes: { scope: "row" } }, showCharacter(all[row]!)),
      ...used.map((column) => {
        const count = chosen.confusion[row * all.length + column]!;
        const pick = { kind: "confusion", target: all[row]!, guess: all[column]! } as const;
        return element("td", {}, drawCell(pick, count, totals[row]!, () => onPick(pick)));
      }),
    )
  );
  const table = element(
    "table",
    {
      class: "cells confusion",
      attributes: { "aria-label": "Target characters (rows) and predicted characters (columns)" },
    },
    element("thead", {}, element("tr", {}, element("td"), ...head)),
    element("tbody", {}, ...rows),
  );
  moveByArrows(table);
  return element("div", { class: "scroll" }, table);
}

function drawCell(
  { target, guess }: Extract<CellPick, { readonly kind: "confusion" }>,
  count: number,
  total: number,
  onPick: () => void,
): HTMLElement {
  const right = target === guess;
  const [is, was] = [nameCharacter(target), nameCharacter(guess)];
  const share = `${formatNarrow(count)} of ${formatCount(total)} times, ${
    formatShare(count / total)
  }`;
  const name = right
    ? `${is} predicted correctly: ${share}`
    : `${was} predicted instead of ${is}: ${share}`;
  return createCellButton(
    {
      key: `confusion ${target}${guess}`,
      name,
      class: right ? "diagonal" : count > 0 ? "confused" : "never",
      tint: right ? 0 : errorStrength(count, total),
      onPick,
    },
    count === 0 ? "" : formatNarrow(count),
  );
}

/** Says whether a character was predicted in any epoch: so the columns are the same in all epochs. */
function isAnswered(learned: readonly Learned[], column: number): boolean {
  return learned.some(({ symbols: { length: size }, confusion }) => {
    return confusion.some((count, at) => count > 0 && at % size === column);
  });
}
