/** Cells of the notebook that the command `notebook` writes. @module */

/** The name by which code of a cell imports the library. */
export const LIBRARY = "@carry/seq2seq";

/** A cell: explanations, or code for Deno's kernel. */
export interface TourCell {
  /** Kind of the cell. */
  readonly kind: "markdown" | "code";
  /** Its text. */
  readonly text: string;
}

/** Makes a cell of explanations. */
export function explain(text: string): TourCell {
  return { kind: "markdown", text: text.trim() };
}

/** Makes a cell of code. */
export function code(text: string): TourCell {
  return { kind: "code", text: text.trim() };
}
