/**
 * The CharacterTable of Keras' addition_rnn: text ⇄ one-hot rows ⇄ indices.
 *
 * @module
 */

import { checkValue } from "../arguments/resolve_options.ts";
import { describeFound, type Fault, integer, TEXT } from "../arguments/rule.ts";
import { MAX_LENGTH, MAX_SYMBOLS } from "./layout.ts";

/** A set of characters that converts between texts, one-hot rows and indices. A character is a Unicode code point. */
export interface CharacterTable {
  /** The characters in the order of their indices: sorted by code point. */
  readonly characters: readonly string[];
  /** Number of characters, V. */
  readonly size: number;
  /**
   * Writes a text as one-hot rows: float32 (rows, V), row-major. As in Keras, rows past the end of the text stay zero.
   *
   * @throws {TypeError} if the text is not a string
   * @throws {RangeError} if the text has more characters than there are rows
   * @throws {SyntaxError} if a character is not in the table
   */
  encode(text: string, rows: number): Float32Array;
  /**
   * Reads one-hot rows or probabilities, (rows, V) row-major, as text: the most probable character of each row, and at a tie
   * the first of them.
   *
   * @throws {TypeError} if the length is not a multiple of V, or a value is not a number
   */
  decode(rows: ArrayLike<number>): string;
  /**
   * Writes a text as indices, uint8 (length). Positions past the end of the text get the index of the space.
   *
   * @throws {TypeError} if the text is not a string
   * @throws {RangeError} if the text has more characters than there are positions, or fewer and the table has no space
   * @throws {SyntaxError} if a character is not in the table
   */
  encodeIndices(text: string, length: number): Uint8Array;
  /**
   * Reads indices as text, as the notebook's `decode(…, calc_argmax=False)` does.
   *
   * @throws {TypeError} if the indices are not an array
   * @throws {RangeError} if an index is not in 0..V-1
   */
  decodeIndices(indices: ArrayLike<number>): string;
}

const LENGTH = integer(0, MAX_LENGTH);
const NUMBERS = {
  must: "an array of numbers",
  findFault: (value: unknown): Fault | undefined =>
    Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))
      ? undefined
      : "type",
};

/**
 * Makes a character table. It sorts the characters by code point.
 *
 * Source: keras-team/keras `examples/addition_rnn.py`.
 *
 * @param characters every character once, in any order
 * @throws {TypeError} if the characters are not a string
 * @throws {SyntaxError} if a character appears twice
 * @throws {RangeError} if there are none, or more than 256
 * @example
 * ```ts
 * import { createCharacterTable } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * const table = createCharacterTable("0123456789+ ");
 * assertEquals(table.characters.join(""), " +0123456789");
 * assertEquals(table.decode(table.encode("12+3", 4)), "12+3");
 * assertEquals([...table.encodeIndices("1+", 4)], [3, 1, 0, 0]);
 * ```
 */
export function createCharacterTable(characters: string): CharacterTable {
  const sorted = sortCharacters(characters);
  const indexOf = new Map(sorted.map((character, index) => [character, index]));
  const size = sorted.length;
  const padding = indexOf.get(" ");

  function readIndices(text: string, length: number): number[] {
    checkValue("encode", "the text", text, TEXT);
    checkValue("encode", "the length", length, LENGTH);
    const points = Array.from(text);
    if (points.length > length) {
      throw new RangeError(
        `Cannot encode ${
          describeFound(text)
        }: there is room for ${length} characters, but it has ${points.length}`,
      );
    }
    return points.map((character, at) => {
      const index = indexOf.get(character);
      if (index !== undefined) return index;
      throw new SyntaxError(
        `Cannot encode ${describeFound(text)}: ${describeUnknown(points, at, sorted)}`,
      );
    });
  }

  function encode(text: string, rows: number): Float32Array {
    const oneHot = new Float32Array(rows * size);
    readIndices(text, rows).forEach((index, row) => oneHot[row * size + index] = 1);
    return oneHot;
  }

  function encodeIndices(text: string, length: number): Uint8Array {
    checkValue("encode", "the length", length, LENGTH);
    const indices = readIndices(text, length);
    if (indices.length < length && padding === undefined) {
      throw new RangeError(
        `Cannot encode ${
          describeFound(text)
        }: it must have ${length} characters, because the table has no space to pad with, but has ${indices.length}`,
      );
    }
    const to = new Uint8Array(length).fill(padding ?? 0);
    to.set(indices);
    return to;
  }

  function decode(rows: ArrayLike<number>): string {
    checkValue("decode", "the rows", rows, NUMBERS);
    if (rows.length % size !== 0) {
      throw new TypeError(
        `Cannot decode: the rows must hold ${size} values each, but ${rows.length} values are not a multiple of that`,
      );
    }
    let text = "";
    for (let start = 0; start < rows.length; start += size) {
      text += sorted[argMax(rows, start, size)];
    }
    return text;
  }

  function decodeIndices(indices: ArrayLike<number>): string {
    checkValue("decode", "the indices", indices, NUMBERS);
    let text = "";
    for (let at = 0; at < indices.length; at++) {
      const character = sorted[indices[at]!];
      if (character === undefined) {
        throw new RangeError(
          `Cannot decode: every index must be an integer from 0 to ${
            size - 1
          }, but position ${at} has ${describeFound(indices[at])}`,
        );
      }
      text += character;
    }
    return text;
  }

  return { characters: sorted, size, encode, decode, encodeIndices, decodeIndices };
}

/** Describes the character that a table does not have: `every character must be one of "ab", but index 2 is "x"`. */
function describeUnknown(
  characters: readonly string[],
  at: number,
  known: readonly string[],
): string {
  return `every character must be one of ${JSON.stringify(known.join(""))}, but index ${at} is ${
    describeFound(characters[at])
  }`;
}

function sortCharacters(characters: string): readonly string[] {
  checkValue("make a character table", "the characters", characters, TEXT);
  const points = Array.from(characters);
  if (points.length < 1 || points.length > MAX_SYMBOLS) {
    throw new RangeError(
      `Cannot make a character table: it must have 1 to ${MAX_SYMBOLS} characters, but has ${points.length}`,
    );
  }
  const first = new Map<string, number>();
  points.forEach((character, at) => {
    const before = first.get(character);
    if (before !== undefined) {
      throw new SyntaxError(
        `Cannot make a character table of ${
          describeFound(characters)
        }: every character must appear once, but "${character}" is at index ${before} and at index ${at}`,
      );
    }
    first.set(character, at);
  });
  return Object.freeze(points.sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!));
}

function argMax(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let i = 0; i < count; i++) {
    const value = values[start + i]!;
    if (typeof value !== "number" || Number.isNaN(value)) {
      throw new TypeError(
        `Cannot decode: every value must be a number, but row ${start / count}, column ${i} is ${
          describeFound(value)
        }`,
      );
    }
    if (value > values[start + best]!) best = i;
  }
  return best;
}
