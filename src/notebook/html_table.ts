/** Tables of a notebook. Their style is in their elements, because a notebook has a style sheet of its own. @module */
import { html, type Markup, type Part } from "../plot/report/markup.ts";

/** A cell of a table; a number is set to the right. */
export type Cell = Part | { readonly number: Part };

/** Writes a table. */
export function writeTable(head: readonly Cell[], rows: readonly (readonly Cell[])[]): Markup {
  return html`
    <table>
      <thead>
        <tr>${head.map((cell) => html`<th${styleOf(cell)}>${contentOf(cell)}</th>`)}</tr>
      </thead>
      <tbody>${rows.map((row) =>
        html`<tr>${row.map((cell) => html`<td${styleOf(cell)}>${contentOf(cell)}</td>`)}</tr>`
      )}</tbody>
    </table>
  `;
}

function styleOf(cell: Cell): Markup {
  return html`
    style="text-align:${isNumber(cell) ? "right" : "left"}"
  `;
}

function contentOf(cell: Cell): Part {
  return isNumber(cell) ? cell.number : cell;
}

function isNumber(cell: Cell): cell is { readonly number: Part } {
  return typeof cell === "object" && "number" in cell;
}
