/** Counts the symbols of many texts. @module */
import { FEATURE_MARK, FEATURE_SEPARATOR } from "../../codec/layout.ts";
import { splitQuestion, splitText } from "./pair_text.ts";

/** A symbol, how often it occurs, and where it occurs first. */
export interface SymbolCount {
  readonly symbol: string;
  readonly count: number;
  /** Number of the line. */
  readonly line: number;
}

/** Counts symbols. */
export interface SymbolCounter {
  /**
   * Counts the symbols of a text.
   *
   * @throws {RangeError} if there are more than 100,000 different symbols
   */
  addText(text: string, line: number): void;
  /** Counts the symbols of a question, and its features, which follow after a tab. @throws {RangeError} as `addText` does */
  addQuestion(question: string, line: number): void;
  /** Gives all symbols: the most frequent first, equally frequent ones by code point. */
  list(): readonly SymbolCount[];
}

/** A page has the code points that differ in their last bits only: 1024. */
const PAGE_BITS = 10;
const PAGE_SIZE = 1 << PAGE_BITS;
/** Most different symbols that are counted. Tables have 256: a text with so many symbols is not meant to have these. */
const MOST_SYMBOLS = 100_000;

/**
 * Makes a counter.
 *
 * @param separator the text between two symbols, or `""` if every code point is a symbol
 */
export function createSymbolCounter(separator: string): SymbolCounter {
  const characters = separator === "" ? createCharacterCounter() : undefined;
  const tokens = new Map<string, { count: number; readonly line: number }>();

  function addToken(token: string, line: number): void {
    const found = tokens.get(token);
    if (found !== undefined) {
      found.count++;
      return;
    }
    if (tokens.size === MOST_SYMBOLS) {
      throw new RangeError(
        `Cannot count the symbols: there can be at most ${MOST_SYMBOLS} different ones, but line ${line} has another one; is the separator ${
          JSON.stringify(separator)
        } right?`,
      );
    }
    tokens.set(copyText(token), { count: 1, line });
  }

  function addText(text: string, line: number): void {
    if (characters !== undefined) characters.add(text, line);
    else for (const token of splitText(text, separator)) addToken(token, line);
  }

  return {
    addText,
    addQuestion(question, line): void {
      const [text, ...columns] = splitQuestion(question);
      addText(text, line);
      for (const column of columns) {
        for (const feature of splitText(column, FEATURE_SEPARATOR)) {
          addToken(FEATURE_MARK + feature, line);
        }
      }
    },
    list: () =>
      [
        ...characters?.list() ?? [],
        ...Array.from(tokens, ([symbol, { count, line }]) => ({ symbol, count, line })),
      ].sort((a, b) => b.count - a.count || compareSymbols(a.symbol, b.symbol)),
  };
}

/** Compares two symbols by their code points. */
export function compareSymbols(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = left[at]!.codePointAt(0)! - right[at]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Counts code points, in arrays of the pages that occur: several times as fast as a map. */
function createCharacterCounter(): {
  add(text: string, line: number): void;
  list(): SymbolCount[];
} {
  /** For each page, a count and the first line of every code point in turns. */
  const pages = new Map<number, Uint32Array>();
  let number = -1;
  let page: Uint32Array = new Uint32Array(0);
  return {
    add(text, line): void {
      for (let at = 0; at < text.length; at++) {
        let code = text.charCodeAt(at);
        if (code >= 0xd800 && code < 0xdc00) code = text.codePointAt(at++)!;
        if (code >> PAGE_BITS !== number) {
          number = code >> PAGE_BITS;
          page = pages.get(number) ?? new Uint32Array(2 * PAGE_SIZE);
          pages.set(number, page);
        }
        const place = 2 * (code & (PAGE_SIZE - 1));
        if (page[place]!++ === 0) page[place + 1] = line;
      }
    },
    list: () => Array.from(pages, ([number, page]) => listPage(page, number)).flat(),
  };
}

function listPage(page: Uint32Array, number: number): SymbolCount[] {
  const found: SymbolCount[] = [];
  for (let at = 0; at < PAGE_SIZE; at++) {
    const count = page[2 * at]!;
    if (count === 0) continue;
    const symbol = String.fromCodePoint((number << PAGE_BITS) + at);
    found.push({ symbol, count, line: page[2 * at + 1]! });
  }
  return found;
}

/** Copies a text, so that it does not keep the longer one in memory from which it was cut. */
function copyText(text: string): string {
  return JSON.parse(JSON.stringify(text));
}
