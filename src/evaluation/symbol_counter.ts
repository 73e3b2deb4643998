/** Counts right and wrong symbols: by position, by symbol, and which are taken for which. @module */
import { countSymbols, orderPositions, type TextLayout } from "../codec/layout.ts";
import type { LearnedCell } from "./cell.ts";

/** Right symbols of answers, position by position. */
export interface SymbolCounts {
  /** By position in the target from its first symbol, padding included: keys `0`, `1` … */
  readonly positions: readonly LearnedCell[];
  /** The target's symbols, padding included, in the order of their indices. */
  readonly symbols: readonly string[];
  /** How often each target symbol (row) was answered as each symbol (column), row-major (V, V). */
  readonly confusion: readonly number[];
}

/** Counts the symbols of answers. */
export interface SymbolCounter {
  /**
   * Counts answers.
   *
   * @param targets indices of the correct symbols, uint8 (N, T)
   * @param answers indices of the answered ones, uint8 (N, T)
   * @returns the number of right symbols of each answer, uint16 (N)
   */
  add(targets: Uint8Array, answers: Uint8Array): Uint16Array;
  /** Gives the counts so far. */
  finish(): SymbolCounts;
}

/** Makes a function that gives, for each index of a target, its place in the order in which people write. */
function orderTargets(target: TextLayout): (indices: Uint8Array) => readonly number[] {
  const orders = new Map<number, readonly number[]>(); // by number of symbols
  return (indices) => {
    const count = target.reverse === "text" ? countSymbols(target, indices) : 0;
    const known = orders.get(count);
    if (known !== undefined) return known;
    const order = orderPositions(target, count); // reversing is its own inverse
    orders.set(count, order);
    return order;
  };
}

/** Makes a counter of the symbols of answers that are laid out in some way. */
export function createSymbolCounter(target: TextLayout): SymbolCounter {
  const { length: T, symbols } = target;
  const V = symbols.length;
  const placesOf = orderTargets(target);
  const right = new Array<number>(T).fill(0);
  const confusion = new Float64Array(V * V);
  let examples = 0;
  return {
    add(targets, answers): Uint16Array {
      const count = targets.length / T;
      const rightOf = new Uint16Array(count);
      for (let row = 0, at = 0; row < count; row++) {
        const place = placesOf(targets.subarray(at, at + T));
        for (let t = 0; t < T; t++, at++) {
          const [wanted, given] = [targets[at]!, answers[at]!];
          confusion[wanted * V + given]!++;
          if (wanted !== given) continue;
          right[place[t]!]!++;
          rightOf[row]!++;
        }
      }
      examples += count;
      return rightOf;
    },
    finish(): SymbolCounts {
      return {
        positions: right.map((right, t) => ({ key: String(t), examples, right })),
        symbols: [...symbols],
        confusion: Array.from(confusion),
      };
    },
  };
}
