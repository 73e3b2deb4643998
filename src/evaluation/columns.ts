/** Measures and breaks texts in columns of a terminal, which differ from characters. @module */

/** Characters of two columns. Source: Unicode, East_Asian_Width W and F, and emoji that are pictures by default. */
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u3247\u3250-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2fb}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]$/u;

/** Characters of no column: marks over the character before them, and invisible characters. */
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;

/** Variation selector: shows the picture of a character that also has a text form. */
const EMOJI_STYLE = "\ufe0f";

let segmenter: Intl.Segmenter | undefined;

/** Counts the columns that a text takes. */
export function countColumns(text: string): number {
  let columns = 0;
  for (const cluster of splitClusters(text)) columns += countClusterColumns(cluster);
  return columns;
}

/** Cuts a text to a number of columns. A character that would be cut in two is left out. */
export function cutToColumns(text: string, columns: number): string {
  let kept = "";
  for (const cluster of splitClusters(text)) {
    columns -= countClusterColumns(cluster);
    if (columns < 0) break;
    kept += cluster;
  }
  return kept;
}

/** Adds spaces at the end of a text until it takes a number of columns. */
export function padToColumns(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - countColumns(text)));
}

/**
 * Breaks a text into lines between words. A word is broken only if it is longer than a line.
 *
 * @param columns columns of a line; `Infinity` gives one line
 * @param indent spaces before every line but the first
 */
export function wrapWords(text: string, columns: number, indent = 0): string[] {
  return layFields(text.split(" "), columns, { indent, gap: " " });
}

/** How to lay fields out. */
export interface FieldLayout {
  /** Spaces before every line but the first. Default 2. */
  readonly indent?: number;
  /** Separator of two fields in a line. Default two spaces. */
  readonly gap?: string;
}

/** Joins fields to lines. A field is broken only if it is longer than a line. */
export function layFields(
  fields: readonly string[],
  columns: number,
  { indent = 2, gap = "  " }: FieldLayout = {},
): string[] {
  const margin = " ".repeat(Math.max(0, Math.min(indent, columns - 1)));
  const width = Math.max(columns, margin.length + 2); // a wide character must fit
  const lines: string[] = [];
  let line: string | undefined;
  for (const field of fields) {
    if (line !== undefined && countColumns(line + gap + field) <= width) {
      line += gap + field;
      continue;
    }
    if (line !== undefined) lines.push(line);
    line = lines.length > 0 ? margin + field : field;
    while (countColumns(line) > width) {
      const part = cutToColumns(line, width);
      lines.push(part);
      line = margin + line.slice(part.length);
    }
  }
  if (line !== undefined) lines.push(line);
  return lines;
}

/** Splits a text into what a reader takes for one character: a base with its marks. */
function splitClusters(text: string): Iterable<string> {
  // deno-lint-ignore no-control-regex
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function countClusterColumns(cluster: string): number {
  if (cluster.length > 1 && cluster.includes(EMOJI_STYLE)) return 2;
  let columns = 0;
  for (const character of cluster) {
    columns = Math.max(columns, countCharacterColumns(character)); // joined emoji are drawn as one
  }
  return columns;
}

function countCharacterColumns(character: string): number {
  const code = character.codePointAt(0)!;
  if (code < 0x300) return code === 0xad ? 0 : 1;
  if (ZERO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
