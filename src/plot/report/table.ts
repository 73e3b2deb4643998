/** Tables of a report that are a list of rows. @module */
import { html, type Markup, type Part } from "./markup.ts";

/** A column: its heading, and whether it has numbers, which are set to the right. */
export type Column = string | { readonly number: Part };

/**
 * Writes a table, which can be scrolled where it is too wide.
 *
 * @param rows as `<tr>`, one after the other
 */
export function writeTable(columns: readonly Column[], rows: Part): Markup {
  return html`
    <div class="scroll">
      <table>
        <thead>
          <tr>${columns.map(writeHeading)}</tr>
        </thead>
        <tbody>${rows}</tbody>
      </table>
    </div>
  `;
}

function writeHeading(column: Column): Markup {
  return typeof column === "string"
    ? html`<th scope="col">${column}</th>`
    : html`<th scope="col" class="number">${column.number}</th>`;
}
