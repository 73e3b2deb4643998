/** Measures the texts of one side while they are read: their lengths, and which are empty. @module */
import { MOST_SYMBOLS } from "./pair_text.ts";
import type { SymbolCount } from "./symbol_counts.ts";

/** What was found on one side: in all questions, or in all answers. */
export interface SideFacts {
  /** All symbols, the most frequent first. */
  readonly symbols: readonly SymbolCount[];
  /** Number of symbols of the longest text. */
  readonly longest: number;
  /** The first line with such a text. */
  readonly longestLine: number;
  /** Number of symbols that 99 of 100 texts do not exceed. */
  readonly usual: number;
  /** Number of empty texts. */
  readonly empty: number;
  /** The first line with an empty text; 0 if there is none. */
  readonly emptyLine: number;
  /** Number of texts that begin or end with a space. */
  readonly spaced: number;
}

/** Of a hundred texts, how many may be longer than the usual length. */
const LONGER_SHARE = 0.01;

/** Makes a tally of the texts of a side. */
export function createSideTally(): {
  add(text: string, length: number, line: number): void;
  finish(): Omit<SideFacts, "symbols">;
} {
  const lengths = new Uint32Array(MOST_SYMBOLS + 1);
  let [count, longest, longestLine, empty, emptyLine, spaced] = [0, 0, 0, 0, 0, 0];
  return {
    add(text, length, line): void {
      count++;
      lengths[length]!++;
      if (length > longest || longestLine === 0) [longest, longestLine] = [length, line];
      if (text === "" && empty++ === 0) emptyLine = line;
      if (text.startsWith(" ") || text.endsWith(" ")) spaced++;
    },
    finish(): Omit<SideFacts, "symbols"> {
      const usual = findUsualLength(lengths, count);
      return { longest, longestLine, usual, empty, emptyLine, spaced };
    },
  };
}

function findUsualLength(lengths: Uint32Array, count: number): number {
  let longer = 0;
  for (let length = lengths.length - 1; length > 0; length--) {
    longer += lengths[length]!;
    if (longer > count * LONGER_SHARE) return length;
  }
  return 0;
}
