/** Decodes answers symbol by symbol: greedily, or along given symbols. @module */
import type { Decoding } from "../device/decoding.ts";
import { findMostProbable } from "./combine.ts";

/** What answers look like. */
export interface RowShape {
  /** Number of symbols of an answer, T. */
  readonly length: number;
  /** Number of different symbols, V. */
  readonly size: number;
  /** Index of the end symbol, which is the padding; null if all symbols of an answer count. */
  readonly end: number | null;
}

/** How to decode. */
export interface DecodeRowsOptions {
  /** The symbols to follow, uint8 (N, T). Default: at every position the most probable one. */
  readonly along?: Uint8Array;
  /** Whether to give the probability of every symbol at every position. Default false. */
  readonly probabilities?: boolean;
}

/** Decoded answers. After its end an answer has the padding, with probability 1. */
export interface DecodedRows {
  /** The symbols that were followed, uint8 (N, T). */
  readonly characters: Uint8Array;
  /** Their probabilities, float32 (N, T). */
  readonly confidence: Float32Array;
  /** At every position the most probable symbol after those that were followed, uint8 (N, T). */
  readonly best: Uint8Array;
  /** If asked for: the probability of every symbol, float32 (N, T, V). */
  readonly probabilities?: Float32Array;
}

/** Decodes answers. A row that has ended is not asked any more. @throws what {@linkcode Decoding.step} throws */
export async function decodeRows(
  decoding: Decoding,
  { length: T, size: V, end }: RowShape,
  { along, probabilities = false }: DecodeRowsOptions = {},
): Promise<DecodedRows> {
  const N = decoding.count;
  const characters = new Uint8Array(N * T).fill(end ?? 0);
  const best = characters.slice();
  const confidence = new Float32Array(N * T).fill(1);
  const all = probabilities ? new Float32Array(N * T * V) : undefined;
  let rows = Array.from({ length: N }, (_, row) => row); // those that have not ended
  let next = await decoding.step();
  for (let t = 0;; t++) {
    const going: { readonly row: number; readonly parent: number; readonly symbol: number }[] = [];
    for (const [parent, row] of rows.entries()) {
      const [at, from] = [row * T + t, parent * V];
      best[at] = findMostProbable(next.probabilities, from, V);
      const symbol = along?.[at] ?? best[at];
      characters[at] = symbol;
      confidence[at] = next.probabilities[from + symbol]!;
      all?.set(next.probabilities.subarray(from, from + V), at * V);
      if (symbol !== end) going.push({ row, parent, symbol });
      else if (all !== undefined) {
        fillEnd(all, { from: (at + 1) * V, to: (row + 1) * T * V, V, end });
      }
    }
    rows = going.map(({ row }) => row);
    if (rows.length === 0 || t + 1 === T) break;
    next = await decoding.step({
      parents: Uint32Array.from(going, ({ parent }) => parent),
      symbols: Uint8Array.from(going, ({ symbol }) => symbol),
    });
  }
  return { characters, confidence, best, ...(all && { probabilities: all }) };
}

/** After the end, the padding is certain. */
function fillEnd(
  probabilities: Float32Array,
  { from, to, V, end }: {
    readonly from: number;
    readonly to: number;
    readonly V: number;
    readonly end: number;
  },
): void {
  for (let at = from; at < to; at += V) probabilities[at + end] = 1;
}
