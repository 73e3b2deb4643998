/** Lays a report out in lines: headings, and labels with texts. @module */
import { wrapWords } from "./columns.ts";

/** A label and its text; a text alone is a heading, and the label `-` stands before an item of a list. */
export type Row = readonly [label: string, text: string] | string;

/** Columns of a label with its text beside it. */
const LABEL_COLUMNS = 18;
/** With fewer columns, the text is below its label. */
const COLUMNS_FOR_LABELS = 60;

/** Lays rows out: labels with their texts beside them, or below them if there is little room. */
export function layRows(rows: readonly Row[], columns: number): string[] {
  return rows.flatMap((row, at): string[] => {
    if (typeof row === "string") return [...at === 0 ? [] : [""], ...wrapWords(row, columns, 2)];
    const [label, text] = row;
    if (label === "-") return wrapWords(`- ${text}`, columns, 2);
    if (columns < COLUMNS_FOR_LABELS) {
      return [`  ${label.trim()}`, ...wrapWords(text, columns - 4).map((line) => `    ${line}`)];
    }
    const lines = wrapWords(text, columns - LABEL_COLUMNS - 2);
    return lines.map((line, number) =>
      `  ${(number === 0 ? label : "").padEnd(LABEL_COLUMNS)}${line}`
    );
  });
}
