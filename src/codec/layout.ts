/** How texts become indices and back. A layout is saved with a model, which answers as it was trained. @module */
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import {
  arrayRule,
  BOOLEAN,
  choice,
  describeFound,
  type Fault,
  integer,
  TEXT,
} from "../arguments/rule.ts";

/** How the texts of one side, sources or targets, become indices. */
export interface TextLayout {
  /** Number of positions of every text, T, 1 to 4096. Shorter texts are padded at their end. */
  readonly length: number;
  /**
   * The 1 to 256 symbols in the order of their indices, each once. Their number is V. `""` stands for padding that no text
   * can contain, `"\uFFFD"` for every symbol that the table does not have, and a symbol that begins with a tab is a feature.
   */
  readonly symbols: readonly string[];
  /**
   * The symbol that pads, one of `symbols`: `" "` in the notebook, otherwise `""`. `null` if nothing pads, so that every text
   * has T symbols.
   */
  readonly padding: string | null;
  /** The text between two symbols, or `""` if every code point is a symbol. */
  readonly separator: string;
  /**
   * Whether the last symbol comes first: `true` reverses the padded text, so that padding is before it; `"text"` reverses the text
   * alone, so that padding is after it, as a decoder with attention needs.
   */
  readonly reverse: boolean | "text";
  /** The Unicode form to which texts are converted before they are read. */
  readonly normalize: Normalization;
}

/** The layout of questions and answers. */
export interface Layout {
  /** The layout of sources. */
  readonly source: TextLayout;
  /** The layout of targets. */
  readonly target: TextLayout;
}

/** Whether and how texts are reversed: not, the padded text, or the text alone. */
export type Reversal = TextLayout["reverse"];

/** A Unicode form: composed, decomposed, or as the text is. */
export type Normalization = "NFC" | "NFD" | "none";

/** Every Unicode form, for checks and help texts. */
export const NORMALIZATIONS: readonly Normalization[] = ["NFC", "NFD", "none"];

/** The symbol that stands for every symbol that a table does not have: the replacement character. */
export const UNKNOWN = "\uFFFD";
/** The beginning of a symbol that is a feature. A text cannot contain it: it separates the columns of a question. */
export const FEATURE_MARK = "\t";
/** Separates features in a column of a question. */
export const FEATURE_SEPARATOR = ";";
/** Joins the parts of a feature: a table that lacks `IN+ESS` and has both parts reads it as two features. */
export const FEATURE_JOINT = "+";

/** Most symbols of a source or a target. */
export const MAX_LENGTH = 4096;
/** Most symbols of a table: an index is one byte. */
export const MAX_SYMBOLS = 256;

const PADDING = {
  must: "a symbol or null",
  findFault: (value: unknown): Fault | undefined =>
    value === null || typeof value === "string" ? undefined : "type",
};

const REVERSAL = {
  must: 'true, false or "text"',
  findFault(value: unknown): Fault | undefined {
    if (typeof value === "boolean" || value === "text") return undefined;
    return typeof value === "string" ? "value" : "type";
  },
};

const RULES: Rules<TextLayout> = {
  length: integer(1, MAX_LENGTH),
  symbols: { ...arrayRule("an array of symbols"), copy: (symbols) => [...symbols] },
  padding: PADDING,
  separator: TEXT,
  reverse: REVERSAL,
  normalize: choice(NORMALIZATIONS),
};

/** Layouts that were found valid: they are frozen, so they stay valid. */
const CHECKED = new WeakSet<TextLayout>();

/**
 * Checks the layout of one side.
 *
 * @param what its name in an error: `the source's layout`
 * @returns a frozen copy
 * @throws {TypeError} if a field is missing, is unknown, or has a wrong type
 * @throws {RangeError} if a value is out of its range
 * @throws {SyntaxError} if a symbol occurs twice or cannot be a symbol
 */
export function checkTextLayout(action: string, given: unknown, what = "the layout"): TextLayout {
  if (CHECKED.has(given as TextLayout)) return given as TextLayout;
  const layout = resolveOptions<TextLayout, object>(given, {
    ...{ action, what, rules: RULES, defaults: {} },
  });
  checkSymbols(action, layout, what);
  const { symbols, padding } = layout;
  if (padding !== null && !symbols.includes(padding)) {
    throw new RangeError(
      `Cannot ${action}: the padding of ${what} must be one of its symbols, but is ${
        describeFound(padding)
      }`,
    );
  }
  const frozen = Object.freeze({ ...layout, symbols: Object.freeze(symbols) });
  CHECKED.add(frozen);
  return frozen;
}

function checkSymbols(action: string, layout: TextLayout, what: string): void {
  const { symbols, separator, normalize } = layout;
  if (symbols.length < 1 || symbols.length > MAX_SYMBOLS) {
    throw new RangeError(
      `Cannot ${action}: ${what} must have 1 to ${MAX_SYMBOLS} symbols, but has ${symbols.length}`,
    );
  }
  const first = new Map<string, number>();
  symbols.forEach((symbol, at) => {
    checkValue(action, `symbol ${at} of ${what}`, symbol, TEXT);
    const before = first.get(symbol);
    if (before !== undefined) {
      throw new SyntaxError(
        `Cannot ${action}: every symbol of ${what} must appear once, but ${
          describeFound(symbol)
        } is at index ${before} and at index ${at}`,
      );
    }
    first.set(symbol, at);
    const fault = findSymbolFault(symbol, separator, normalize);
    if (fault === undefined) return;
    throw new SyntaxError(
      `Cannot ${action}: symbol ${at} of ${what} must ${fault}, but is ${describeFound(symbol)}`,
    );
  });
}

/** Says what a symbol must be and is not; undefined if it can be one. */
function findSymbolFault(
  symbol: string,
  separator: string,
  normalize: Normalization,
): string | undefined {
  if (symbol === "" || symbol === UNKNOWN) return undefined;
  if (normalizeText(symbol, normalize) !== symbol) return `be in the form ${normalize}`;
  if (symbol.startsWith(FEATURE_MARK) && symbol.length > 1) {
    return symbol.includes(FEATURE_MARK, 1) || symbol.includes(FEATURE_SEPARATOR)
      ? `have no tab or "${FEATURE_SEPARATOR}" in a feature`
      : undefined;
  }
  if (separator !== "") {
    return symbol.includes(separator) ? "not contain the separator" : undefined;
  }
  return Array.from(symbol).length === 1 ? undefined : "be one character";
}

/** Converts a text to a Unicode form. */
export function normalizeText(text: string, form: Normalization): string {
  return form === "none" ? text : text.normalize(form);
}

/** The lengths and the direction of a layout with one table of characters. */
export interface CharacterLayoutOptions {
  /** Number of characters of a source, T_in, 1 to 4096. */
  readonly inputLength: number;
  /** Number of characters of a target, T_out, 1 to 4096. */
  readonly outputLength: number;
  /** Whether sources are reversed. Default false. */
  readonly reverse?: boolean;
}

const CHARACTER_LAYOUT_RULES: Rules<CharacterLayoutOptions> = {
  inputLength: integer(1, MAX_LENGTH),
  outputLength: integer(1, MAX_LENGTH),
  reverse: BOOLEAN,
};

/**
 * Gives the layout of the notebook: one table of characters on both sides, sorted by code point, and spaces that pad.
 *
 * @param characters every character once, in any order. Without a space among them nothing pads
 * @throws {TypeError | RangeError | SyntaxError} if the characters or a length are not possible
 * @example
 * ```ts
 * import { characterLayout } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * const { source, target } = characterLayout("0123456789+ ", {
 *   inputLength: 7, outputLength: 4, reverse: true,
 * });
 * assertEquals([source.length, target.length, source.reverse], [7, 4, true]);
 * assertEquals(source.symbols.join(""), " +0123456789");
 * ```
 */
export function characterLayout(characters: string, options: CharacterLayoutOptions): Layout {
  const action = "lay out texts";
  checkValue(action, "the characters", characters, TEXT);
  const { inputLength, outputLength, reverse } = resolveOptions(options, {
    ...{ action, rules: CHARACTER_LAYOUT_RULES, defaults: { reverse: false } },
  });
  const symbols = Array.from(characters).sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  const common = {
    ...{ symbols, padding: symbols.includes(" ") ? " " : null, separator: "" },
    normalize: "none" as const,
  };
  return {
    source: checkTextLayout(
      action,
      { ...common, length: inputLength, reverse },
      "the source's layout",
    ),
    target: checkTextLayout(
      action,
      { ...common, length: outputLength, reverse: false },
      "the target's layout",
    ),
  };
}

/** Gives a layout whose answers are written from their last symbol on, or from their first. */
export function directAnswers(layout: Layout, reverse: boolean): Layout {
  const { source, target } = layout;
  const wanted = reverse ? "text" : false;
  if (target.reverse === wanted) return layout;
  const given = { ...target, reverse: wanted };
  return { source, target: checkTextLayout("lay out texts", given, "the target's layout") };
}

/**
 * Says where the symbols of a text stand.
 *
 * @param count number of its symbols, of which the text has at most `length`
 * @returns the position of each symbol in the order in which people write them, and then those of the padding
 */
export function orderPositions(
  { length, reverse }: Pick<TextLayout, "length" | "reverse">,
  count: number,
): number[] {
  const reversed = reverse === true ? length : reverse === "text" ? count : 0;
  return Array.from({ length }, (_, i) => i < reversed ? reversed - 1 - i : i);
}

/** Counts the symbols of an encoded text up to its padding, which is before it or after it. @param indices of length T */
export function countSymbols(
  { symbols, padding, reverse }: Pick<TextLayout, "symbols" | "padding" | "reverse">,
  indices: ArrayLike<number>,
): number {
  if (padding === null) return indices.length;
  let count = indices.length;
  const last = (): number => indices[reverse === true ? indices.length - count : count - 1]!;
  while (count > 0 && symbols[last()] === padding) count--;
  return count;
}

/** Finds the first field in which two layouts differ; undefined if they are the same. */
export function findDifference(a: TextLayout, b: TextLayout): keyof TextLayout | undefined {
  if (a === b) return undefined;
  const fields = ["length", "padding", "separator", "reverse", "normalize"] as const;
  const isSame = a.symbols.length === b.symbols.length &&
    a.symbols.every((each, i) => each === b.symbols[i]);
  return fields.find((field) => a[field] !== b[field]) ?? (isSame ? undefined : "symbols");
}
