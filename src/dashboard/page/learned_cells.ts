/// <reference lib="dom" />
/** Cells of groups and positions, each with a line of its share over the epochs. @module */
import { compareKeys, type LearnedCell } from "../../evaluation/cell.ts";
import type { CountedGroups } from "../../evaluation/group_counter.ts";
import type { Learned } from "../../evaluation/learned.ts";
import { type CellPick, describeGroup, splitGridKey } from "./behind_cell.ts";
import { createCellButton } from "./cell_button.ts";
import { moveByArrows } from "./cell_grid.ts";
import { element } from "./dom.ts";
import { formatCount, formatShare } from "./format.ts";
import {
  type CellsOf,
  cellsOfGrouping,
  positionsOf,
  shareOf,
  sharesOverEpochs,
  worstFirst,
} from "./shares.ts";
import { drawSparkline } from "./sparkline.ts";

type OnPick = (pick: CellPick) => void;

/** More groups than this are listed with the worst first. */
const MOST_IN_ORDER = 24;
/** Positions in a row. */
const POSITIONS_IN_A_ROW = 10;
/** Most positions that are drawn. Answers are seldom so long: what follows is their padding. */
const MOST_POSITIONS = 240;

/** Draws every grouping of the newest epoch: a grid where its groups form one, otherwise bars. */
export function drawGroups(
  learned: readonly Learned[],
  index: number,
  onPick: OnPick,
): HTMLElement {
  const sections = learned[index]!.groups.map((groups) => {
    const draw = cellDrawer(learned, index, {
      kind: groups.name,
      cellsOf: cellsOfGrouping(groups.name),
    });
    const pick = (key: string): void => onPick({ kind: "group", groups, key });
    const isGrid = groups.grid !== undefined;
    return element(
      "section",
      { attributes: { "aria-label": groups.title, "data-grouping": groups.name } },
      element("h3", {}, groups.title),
      element("p", { class: "hint" }, describeOrder(groups)),
      isGrid ? drawGrid(groups, draw, pick) : drawBars(groups, draw, pick),
    );
  });
  return element("div", { class: "learned-stack" }, ...sections);
}

function describeOrder({ cells, grid }: CountedGroups): string {
  if (grid !== undefined) {
    return `Share of right answers. Rows: ${lower(grid.rows)}. Columns: ${lower(grid.columns)}.`;
  }
  return cells.length > MOST_IN_ORDER
    ? `Share of right answers, the lowest of ${cells.length} groups first, and number of examples.`
    : "Share of right answers, and number of examples.";
}

function lower(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

type DrawCell = (cell: LearnedCell, words: string, onPick: () => void) => HTMLElement;

function drawBars(
  groups: CountedGroups,
  draw: DrawCell,
  onPick: (key: string) => void,
): HTMLElement {
  const { cells } = groups;
  const isLong = cells.length > MOST_IN_ORDER;
  const rows = (isLong ? worstFirst(cells) : cells).map((cell) =>
    element(
      "tr",
      {},
      element("th", { attributes: { scope: "row", title: cell.key } }, cell.key),
      element("td", {}, draw(cell, describeGroup(groups, cell.key), () => onPick(cell.key))),
      element("td", { class: "number" }, formatCount(cell.examples)),
    )
  );
  return finish("bars", groups.title, rows, isLong ? "scroll tall" : "scroll");
}

function drawGrid(
  groups: CountedGroups,
  draw: DrawCell,
  onPick: (key: string) => void,
): HTMLElement {
  const cells = new Map(groups.cells.map((cell) => [cell.key, cell]));
  const keys = groups.cells.map(({ key }) => splitGridKey(key));
  const [rows, columns] = [
    namesOf(keys.map(([row]) => row)),
    namesOf(keys.map(([, column]) => column)),
  ];
  const body = rows.map((row) =>
    element(
      "tr",
      {},
      element("th", { attributes: { scope: "row" } }, row),
      ...columns.map((column) => {
        const cell = cells.get(`${row}+${column}`);
        if (cell === undefined) return element("td");
        const words = describeGroup(groups, cell.key);
        return element("td", {}, draw(cell, words, () => onPick(cell.key)));
      }),
    )
  );
  return finish("grid", groups.title, [drawHead(["", ...columns]), ...body]);
}

/** Gives the different names of rows or columns in their order. */
function namesOf(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))].sort(compareKeys);
}

/** Draws a cell for each position of the answer. */
export function drawPositions(
  learned: readonly Learned[],
  index: number,
  onPick: OnPick,
): HTMLElement {
  const draw = cellDrawer(learned, index, { kind: "positions", cellsOf: positionsOf });
  const positions = learned[index]!.positions.slice(0, MOST_POSITIONS);
  const rows: HTMLElement[] = [];
  for (let first = 0; first < positions.length; first += POSITIONS_IN_A_ROW) {
    const part = positions.slice(first, first + POSITIONS_IN_A_ROW);
    const names = part.map((_, i) => String(first + i + 1));
    const buttons = part.map((cell, i) => {
      const position = first + i;
      const words = `position ${position + 1}`;
      return element("td", {}, draw(cell, words, () => onPick({ kind: "position", position })));
    });
    rows.push(drawHead(names), element("tr", {}, ...buttons));
  }
  return finish("grid", "Correct symbols by position", rows);
}

function cellDrawer(
  learned: readonly Learned[],
  index: number,
  { kind, cellsOf }: { readonly kind: string; readonly cellsOf: CellsOf },
): DrawCell {
  const shares = sharesOverEpochs(learned, cellsOf);
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

/** Draws the names of columns; an empty one is a corner. */
function drawHead(names: readonly string[]): HTMLElement {
  return element(
    "tr",
    {},
    ...names.map((name) =>
      name === ""
        ? element("td", { class: "corner" })
        : element("th", { attributes: { scope: "col" } }, name)
    ),
  );
}

function finish(
  kind: string,
  caption: string,
  rows: readonly HTMLElement[],
  frame = "scroll",
): HTMLElement {
  const columns = Math.max(0, ...rows.slice(0, 2).map((row) => row.children.length));
  const table = element(
    "table",
    {
      class: `cells ${kind}`,
      attributes: { "aria-label": caption },
      properties: { "--columns": String(columns) },
    },
    element("tbody", {}, ...rows),
  );
  moveByArrows(table);
  return element("div", { class: frame }, table);
}
