/** Tables of a notebook. Their style is in their elements, because a notebook has a style sheet of its own. @module */
import { html, type Markup, type Part } from "../plot/report/markup.ts";

/** A cell of a table; a number is set to the right. */
export type Cell = Part | { readonly number: Part };

/** Writes a table. Without headings it has none. */
export function writePlainTable(head: readonly Cell[], rows: readonly (readonly Cell[])[]): Markup {
  const heading = html`
    <thead>
      <tr>${head.map(writeHeading)}</tr>
    </thead>
  `;
  return html`<table>${head.length > 0 ? heading : undefined}<tbody>${
    rows.map((row) => html`<tr>${row.map(writeCell)}</tr>`)
  }</tbody></table>`;
}

function writeHeading(cell: Cell): Markup {
  return html`<th scope="col" style="text-align:${sideOf(cell)}">${contentOf(cell)}</th>`;
}

function writeCell(cell: Cell): Markup {
  return html`<td style="text-align:${sideOf(cell)}">${contentOf(cell)}</td>`;
}

function sideOf(cell: Cell): string {
  return isNumber(cell) ? "right" : "left";
}

function contentOf(cell: Cell): Part {
  return isNumber(cell) ? cell.number : cell;
}

function isNumber(cell: Cell): cell is { readonly number: Part } {
  return typeof cell === "object" && "number" in cell;
}
