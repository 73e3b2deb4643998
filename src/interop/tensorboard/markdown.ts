/** Tables of texts in Markdown, as TensorBoard shows them. @module */
import { escapeText } from "../../arguments/escape.ts";

/** Writes a table. Whatever the cells contain is shown as it is. */
export function writeTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return [
    writeRow(head),
    writeRow(head.map(() => "---")),
    ...rows.map((row) => writeRow(row.map(escapeMarkdown))),
  ].join("\n");
}

function writeRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Writes ASCII's punctuation as entities, so that nothing is markup, and control characters as escapes. */
function escapeMarkdown(text: string): string {
  return escapeText(text).replace(/[!-/:-@[-`{-~]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
