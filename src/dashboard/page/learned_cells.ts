/// <reference lib="dom" />
/** Cells by carries, by lengths and by positions, each with a line of its share over the epochs. @module */
import type { LearnedCell } from "../../evaluation/cell.ts";
import type { Learned } from "../../evaluation/learned.ts";
import type { CellPick } from "./behind_cell.ts";
import { createCellButton } from "./cell_button.ts";
import { moveByArrows } from "./cell_grid.ts";
import { element } from "./dom.ts";
import { formatCount, formatShare } from "./format.ts";
import { type CellKind, cellsOf, shareOf, sharesOverEpochs } from "./shares.ts";
import { drawSparkline } from "./sparkline.ts";

type OnPick = (pick: CellPick) => void;

/** Draws a bar for each number of carries. */
export function drawCarries(
  learned: readonly Learned[],
  index: number,
  onPick: OnPick,
): HTMLElement {
  const draw = cellDrawer(learned, index, "carries");
  const rows = cellsOf(learned[index]!, "carries").map((cell) => {
    const words = cell.key === "1" ? "1 carry" : `${cell.key} carries`;
    return element(
      "tr",
      {},
      element("th", { attributes: { scope: "row" } }, words),
      element("td", {}, draw(cell, words, () => onPick({ kind: "carries", key: cell.key }))),
      element("td", { class: "number" }, formatCount(cell.examples)),
    );
  });
  return finish("bars", "Exact match by number of carries", rows);
}

/** Draws a grid: a row for the digits of the first number, a column for those of the second. */
export function drawLengths(
  learned: readonly Learned[],
  index: number,
  onPick: OnPick,
): HTMLElement {
  const draw = cellDrawer(learned, index, "lengths");
  const cells = new Map(cellsOf(learned[index]!, "lengths").map((cell) => [cell.key, cell]));
  const most = [...cells.keys()].flatMap((key) => key.split("+").map(Number))
    .reduce((a, b) => Math.max(a, b), 0);
  const digits = Array.from({ length: most }, (_, i) => i + 1);
  const rows = digits.map((first) =>
    element(
      "tr",
      {},
      element("th", { attributes: { scope: "row" } }, String(first)),
      ...digits.map((second) => {
        const cell = cells.get(`${first}+${second}`);
        if (cell === undefined) return element("td");
        const words = `${first} and ${second} digits`;
        return element(
          "td",
          {},
          draw(cell, words, () => onPick({ kind: "lengths", key: cell.key })),
        );
      }),
    )
  );
  return finish("grid", "Exact match by number of digits", [headRow(digits.map(String)), ...rows]);
}

/** Draws a cell for each position of the answer. */
export function drawPositions(
  learned: readonly Learned[],
  index: number,
  onPick: OnPick,
): HTMLElement {
  const draw = cellDrawer(learned, index, "positions");
  const { positions } = learned[index]!;
  const names = positions.map((_, i) => String(i + 1));
  const head = names.map((name) => element("th", { attributes: { scope: "col" } }, name));
  const row = element(
    "tr",
    {},
    ...positions.map((cell, position) =>
      element(
        "td",
        {},
        draw(cell, `position ${position + 1}`, () => onPick({ kind: "position", position })),
      )
    ),
  );
  return finish("grid", "Correct characters by position", [element("tr", {}, ...head), row]);
}

function cellDrawer(
  learned: readonly Learned[],
  index: number,
  kind: CellKind,
): (cell: LearnedCell, words: string, onPick: () => void) => HTMLElement {
  const shares = sharesOverEpochs(learned, kind);
  return (cell, words, onPick) => {
    const share = shareOf(cell);
    const name = `${words}: ${formatShare(share, 1)} of ${formatCount(cell.examples)}`;
    return createCellButton(
      { key: `${kind} ${cell.key}`, name, tint: share, onPick },
      element("span", { class: "share" }, formatShare(share, 1)),
      drawSparkline(shares.get(cell.key) ?? [], index),
    );
  };
}

function headRow(names: readonly string[]): HTMLElement {
  return element(
    "tr",
    {},
    element("td", { class: "corner" }),
    ...names.map((name) => element("th", { attributes: { scope: "col" } }, name)),
  );
}

function finish(kind: string, caption: string, rows: readonly HTMLElement[]): HTMLElement {
  const table = element(
    "table",
    { class: `cells ${kind}`, attributes: { "aria-label": caption } },
    element("tbody", {}, ...rows),
  );
  moveByArrows(table);
  return element("div", { class: "scroll" }, table);
}
