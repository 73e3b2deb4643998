/// <reference lib="dom" />
/** A table whose cells are tinted by shares: a heat map that screen readers and keyboards can read. @module */
import { showSymbol } from "../../codec/show_symbol.ts";
import { element } from "./dom.ts";
import { formatShare, nameSymbol } from "./format.ts";

/** What a heat map shows. */
export interface HeatTable {
  /** Says what the cells are, and what rows and columns are. */
  readonly label: string;
  /** The symbols of the columns. */
  readonly columns: readonly string[];
  readonly rows: readonly HeatRow[];
}

/** A row of a heat map. */
export interface HeatRow {
  readonly symbol: string;
  /** Its position in words: `position 3`. */
  readonly position: string;
  /** A share for each column, from 0 to 1. */
  readonly shares: readonly number[];
  /** The column that stands out. */
  readonly best: number;
}

/** Most characters of a symbol that make its column wider. */
const LONGEST = 6;

/** Draws a heat map. It can be scrolled if it is too wide. */
export function drawHeatTable({ label, columns, rows }: HeatTable): HTMLElement {
  const longest = Math.max(1, ...columns.map((symbol) => Array.from(showSymbol(symbol)).length));
  const table = element(
    "table",
    {
      class: "heat",
      attributes: { "aria-label": label },
      properties: {
        "--columns": String(columns.length),
        "--longest": String(Math.min(LONGEST, longest)),
      },
    },
    element(
      "thead",
      {},
      element("tr", {}, element("td"), ...columns.map(drawHead)),
    ),
    element("tbody", {}, ...rows.map((row) => drawRow(row, columns))),
  );
  const attributes = { tabindex: "0", role: "region", "aria-label": label };
  return element("div", { class: "scroll", attributes }, table);
}

function drawHead(symbol: string): HTMLElement {
  const attributes = { scope: "col", title: nameSymbol(symbol) };
  return element("th", { attributes }, showSymbol(symbol));
}

function drawRow(
  { symbol, position, shares, best }: HeatRow,
  columns: readonly string[],
): HTMLElement {
  const attributes = { scope: "row", title: capitalize(position) };
  return element(
    "tr",
    {},
    element("th", { attributes }, showSymbol(symbol)),
    ...columns.map((column, i) => {
      const share = shares[i]!;
      const title = `${nameSymbol(column)} at ${position}: ${formatShare(share)}`;
      const text = share >= 0.005 ? String(Math.round(share * 100)) : "·";
      return element("td", {
        ...(i === best && { class: "best" }),
        attributes: { title },
        properties: { "--tint": `${(share * 100).toFixed(2)}%` },
      }, text);
    }),
  );
}

function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
