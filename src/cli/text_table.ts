/** Tables of text that fit some columns. @module */
import { countColumns, cutToColumns, padToColumns, wrapWords } from "../evaluation/columns.ts";

/** A table: texts on the left, then numbers, and perhaps a picture of each row. */
export interface TextTable {
  /** Title, on a line of its own. */
  readonly title: string;
  /** Names of the numbers. */
  readonly head: readonly string[];
  /** The rows: a text, then a number for each name. */
  readonly rows: readonly (readonly string[])[];
  readonly picture?: RowPicture;
}

/** A picture that stands at the end of each row. */
export interface RowPicture {
  /** Fewest and most columns of a picture. With less room there is none. */
  readonly least: number;
  readonly most: number;
  /** Writes the head of the pictures. */
  head(width: number): string;
  /** Draws the picture of a row. */
  row(at: number, width: number): string;
}

const INDENT = 2;
const GAP = 2;
/** Texts are not cut to fewer columns: before that, numbers are left out. */
const NARROWEST_TEXT = 8;

/** Lays a table out. What does not fit is left out: the pictures, then numbers from the last column on; then texts are cut. */
export function layTable({ title, head, rows, picture }: TextTable, columns: number): string[] {
  const widest = (texts: readonly string[]): number => Math.max(...texts.map(countColumns));
  const widths = head.map((name, i) => widest([name, ...rows.map((row) => row[i + 1]!)]));
  const texts = widest(rows.map(([text]) => text!));
  const roomFor = (shown: number): number =>
    columns - INDENT - widths.slice(0, shown).reduce((sum, width) => sum + GAP + width, 0);
  let shown = widths.length;
  while (shown > 1 && roomFor(shown) < Math.min(texts, NARROWEST_TEXT)) shown--;
  const textWidth = Math.max(1, Math.min(texts, roomFor(shown)));
  const left = shown < widths.length ? 0 : roomFor(shown) - textWidth - GAP;
  const pictureWidth = picture === undefined || left < picture.least
    ? 0
    : Math.min(picture.most, left);
  const write = ([text, ...numbers]: readonly string[], drawn = ""): string =>
    [
      " ".repeat(INDENT) + padToColumns(fit(text!, textWidth), textWidth),
      ...numbers.slice(0, shown).map((number, i) =>
        " ".repeat(GAP + widths[i]! - countColumns(number)) + number
      ),
      ...(pictureWidth > 0 ? [" ".repeat(GAP) + drawn] : []),
    ].join("").trimEnd();
  return [
    ...wrapWords(title, columns),
    write(["", ...head], picture?.head(pictureWidth)),
    ...rows.map((row, i) => write(row, picture?.row(i, pictureWidth))),
  ];
}

/** Cuts a text that is too wide, and marks the cut. */
function fit(text: string, width: number): string {
  return countColumns(text) <= width ? text : `${cutToColumns(text, width - 1)}…`;
}
