/** Texts as indices of symbols: the only place that pads and reverses. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { describeFound, type Fault, isObject, TEXT } from "../arguments/rule.ts";
import {
  checkTextLayout,
  countSymbols,
  FEATURE_JOINT,
  FEATURE_MARK,
  FEATURE_SEPARATOR,
  type Normalization,
  normalizeText,
  type TextLayout,
  UNKNOWN,
} from "./layout.ts";

/** Converts the texts of one side to indices and back, as its layout says. */
export interface TextCodec {
  /** The layout. */
  readonly layout: TextLayout;
  /** Number of positions of every text, T. */
  readonly length: number;
  /** Number of symbols, V. */
  readonly size: number;
  /**
   * Divides a text into its symbols, normalised, in the order in which people write them, without padding. Features follow.
   * The symbols need not be in the table.
   */
  split(text: string): readonly string[];
  /** Says why a text cannot be written; undefined if it can. */
  findFault(text: string): TextFault | undefined;
  /**
   * Writes a text as T indices to a place in an array of many texts.
   *
   * @throws {TypeError} if the text is not a string
   * @throws {RangeError} if the text has too many symbols, or too few where nothing pads, or the place is not within the array
   * @throws {SyntaxError} if a symbol is not in the table, which has no symbol for unknown ones
   */
  write(text: string, to: Uint8Array, start: number): void;
  /**
   * Reads T indices as a text, without the padding at its end.
   *
   * @throws {RangeError} if an index is not in 0..V-1
   */
  read(indices: ArrayLike<number>): string;
}

/** Why a text cannot be written. */
export interface TextFault {
  /** Whether a symbol is unknown or the length is wrong. */
  readonly kind: "symbol" | "length";
  /** The reason: `every character must be one of "ab", but index 2 is "x"`. */
  readonly reason: string;
}

const ARRAY = {
  must: "an array of numbers",
  findFault: (value: unknown): Fault | undefined =>
    Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))
      ? undefined
      : "type",
};

/** Code points below this are looked up in an array: Latin, Greek, Cyrillic and more. */
const CODES = 2048;
/**
 * Texts whose code points are all below this are in the form already: U+0300 is the first mark that composes, and only ASCII
 * never decomposes. Source: Unicode, NFC_Quick_Check and Decomposition_Mapping.
 */
const STABLE_CODES: Readonly<Record<Normalization, number>> = {
  none: CODES,
  NFC: 0x300,
  NFD: 0x80,
};
/** Most symbols that an error lists. */
const MOST_LISTED = 64;

/**
 * Makes the codec of a layout.
 *
 * @throws {TypeError | RangeError | SyntaxError} if the layout is not valid
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { characterLayout } from "./layout.ts";
 * import { createTextCodec } from "./text_codec.ts";
 *
 * const { source } = characterLayout(" +0123456789", { inputLength: 7, outputLength: 4, reverse: true });
 * const codec = createTextCodec(source);
 * const indices = new Uint8Array(7);
 * codec.write("535+61", indices, 0);
 * assertEquals([...indices], [0, 3, 8, 1, 7, 5, 7]); // " 16+535"
 * assertEquals(codec.read(indices), "535+61");
 * ```
 */
export function createTextCodec(given: TextLayout): TextCodec {
  const layout = checkTextLayout("encode texts", given);
  const { length, symbols, separator, reverse, normalize } = layout;
  const indexOf = new Map(symbols.map((symbol, index) => [symbol, index]));
  const padding = layout.padding === null ? undefined : indexOf.get(layout.padding);
  const unknown = indexOf.get(UNKNOWN);
  const hasFeatures = symbols.some((symbol) => symbol.length > 1 && symbol[0] === FEATURE_MARK);
  const stableCodes = STABLE_CODES[normalize];
  const isPlain = separator === "" && !hasFeatures;
  const indexOfCode = new Int16Array(CODES).fill(-1);
  symbols.forEach((symbol, index) => {
    const code = symbol.codePointAt(0) ?? CODES;
    if (code < CODES && symbol.length === 1) indexOfCode[code] = index;
  });

  /** Gives the position of the first symbol of a reversed text. */
  function lastOf(count: number, start: number): number {
    return start + (reverse === "text" ? count : length) - 1;
  }

  /** Writes a text whose characters are all in `indexOfCode`; returns false, without an error, if it cannot. */
  function writePlain(text: string, to: Uint8Array, start: number): boolean {
    if (typeof text !== "string" || text.length > length) return false;
    if (text.length < length && padding === undefined) return false;
    const last = lastOf(text.length, start);
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const index = code < stableCodes ? indexOfCode[code]! : -1;
      if (index < 0) return false;
      to[reverse ? last - i : start + i] = index;
    }
    for (let i = text.length; i < length; i++) {
      to[reverse === true ? last - i : start + i] = padding!;
    }
    return true;
  }

  function split(text: string): readonly string[] {
    checkValue("encode", "the text", text, TEXT);
    const normalized = normalizeText(text, normalize);
    if (!hasFeatures) return splitSymbols(normalized, separator);
    const [main, ...columns] = normalized.split(FEATURE_MARK);
    const features = columns.flatMap((column) => splitSymbols(column, FEATURE_SEPARATOR));
    return [
      ...splitSymbols(main!, separator),
      ...features.flatMap(splitFeature),
    ];
  }

  /** Gives a feature as a symbol, or its parts if the table has these alone. */
  function splitFeature(feature: string): readonly string[] {
    const whole = FEATURE_MARK + feature;
    if (!feature.includes(FEATURE_JOINT) || indexOf.has(whole)) return [whole];
    const parts = splitParts(whole);
    return parts.every((part) => indexOf.has(part)) ? parts : [whole];
  }

  function findFaultIn(found: readonly string[]): TextFault | undefined {
    const kind = separator === "" ? "character" : "symbol";
    const wrong = unknown === undefined ? found.findIndex((each) => !isInTable(each)) : -1;
    if (wrong >= 0) {
      return { kind: "symbol", reason: describeUnknown(kind, symbols, found, wrong) };
    }
    if (found.length > length || (found.length < length && padding === undefined)) {
      const most = padding === undefined ? "" : "at most ";
      const reason = `it must have ${most}${length} ${kind}s, but has ${found.length}`;
      return { kind: "length", reason };
    }
    return undefined;
  }

  /** Says whether the table has a symbol that was found in a text. Padding is none. */
  function isInTable(symbol: string): boolean {
    return symbol !== "" && indexOf.has(symbol);
  }

  return {
    ...{ layout, length, size: symbols.length, split },
    findFault: (text) => findFaultIn(split(text)),
    write(text, to, start): void {
      if (start + length > to.length) {
        throw new RangeError(
          `Cannot encode: the array must have ${start + length} positions, but has ${to.length}`,
        );
      }
      if (isPlain && writePlain(text, to, start)) return;
      const found = split(text);
      const fault = findFaultIn(found);
      if (fault !== undefined) {
        const message = `Cannot encode ${describeFound(text)}: ${fault.reason}`;
        throw fault.kind === "symbol" ? new SyntaxError(message) : new RangeError(message);
      }
      to.fill(padding ?? 0, start, start + length);
      const last = lastOf(found.length, start);
      found.forEach((symbol, i) => {
        to[reverse ? last - i : start + i] = (isInTable(symbol) ? indexOf.get(symbol) : unknown)!;
      });
    },
    read(indices): string {
      checkIndices(indices, symbols.length);
      const end = countSymbols(layout, indices);
      const last = (reverse === "text" ? end : indices.length) - 1;
      const at = (i: number): string => symbols[indices[reverse ? last - i : i]!]!;
      if (!isPlain) return joinSymbols(Array.from({ length: end }, (_, i) => at(i)), separator);
      let text = "";
      for (let i = 0; i < end; i++) text += at(i);
      return text;
    },
  };
}

function checkIndices(indices: ArrayLike<number>, size: number): void {
  checkValue("decode", "the indices", indices, ARRAY);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (Number.isInteger(index) && index >= 0 && index < size) continue;
    throw new RangeError(
      `Cannot decode: every index must be an integer from 0 to ${size - 1}, but position ${i} has ${
        describeFound(index)
      }`,
    );
  }
}

/** Divides a text at its separators, or into its code points. An empty text has no symbol. */
function splitSymbols(text: string, separator: string): string[] {
  if (text === "") return [];
  return separator === "" ? Array.from(text) : text.split(separator);
}

/** Divides the symbol of a feature into those of its parts. */
export function splitParts(feature: string): readonly string[] {
  return feature.slice(FEATURE_MARK.length).split(FEATURE_JOINT).filter((part) => part !== "")
    .map((part) => FEATURE_MARK + part);
}

/** Joins symbols as people write them: a text, and after a tab its features. */
function joinSymbols(symbols: readonly string[], separator: string): string {
  const isFeature = (symbol: string): boolean => symbol.length > 1 && symbol[0] === FEATURE_MARK;
  const text = symbols.filter((symbol) => symbol !== "" && !isFeature(symbol)).join(separator);
  const features = symbols.filter(isFeature).map((symbol) => symbol.slice(1));
  return features.length === 0 ? text : text + FEATURE_MARK + features.join(FEATURE_SEPARATOR);
}

function describeUnknown(
  kind: string,
  symbols: readonly string[],
  found: readonly string[],
  at: number,
): string {
  const shown = symbols.filter((symbol) => symbol !== "");
  const list = kind === "character"
    ? JSON.stringify(shown.slice(0, MOST_LISTED).join(""))
    : shown.slice(0, MOST_LISTED).map((symbol) => JSON.stringify(symbol)).join(", ");
  const rest = shown.length > MOST_LISTED ? ` and ${shown.length - MOST_LISTED} others` : "";
  return `every ${kind} must be one of ${list}${rest}, but index ${at} is ${
    describeFound(found[at])
  }`;
}

/** The rule for a codec of {@linkcode createTextCodec}, or for an object with the same methods. */
export const CODEC_RULE = {
  must: "a text codec, such as a dataset of createDataset() has",
  findFault: (value: unknown): Fault | undefined =>
    isObject(value) && isObject(value.layout) && value.length === value.layout.length &&
      Array.isArray(value.layout.symbols) && value.size === value.layout.symbols.length &&
      typeof value.write === "function" && typeof value.read === "function"
      ? undefined
      : "type",
};
