/** Hypotheses of a search: beginnings of answers. @module */
import type { Answers } from "../device/executor.ts";
import type { SourceSymbols } from "./symbol_source.ts";

/** The beginning of an answer, or all of it. */
export interface Hypothesis {
  /** The hypothesis without its last symbol; absent without a symbol. */
  readonly before?: Hypothesis;
  /** Its row in the step that was computed for `before`. */
  readonly row: number;
  /** That row, if it is needed in the end. */
  readonly given?: GivenRow;
  /** The last symbol, and its probability. */
  readonly symbol: number;
  readonly probability: number;
  /** Logarithm of the product of all symbols' probabilities. */
  readonly logProbability: number;
  /** By which hypotheses are compared. */
  readonly score: number;
  /** Number of symbols, the end symbol included. */
  readonly length: number;
  /** Whether no symbol follows. */
  readonly ended: boolean;
}

/** What a step gave for one hypothesis: probabilities of all symbols, float32 (V), and the attention, float32 (T_in). */
export type GivenRow = SourceSymbols;

/** Copies a row of what a step gave, so that the others are not kept. */
export function copyRow(
  { probabilities, attention }: SourceSymbols,
  row: number,
  V: number,
): GivenRow {
  const positions = attention && attention.length / (probabilities.length / V);
  return {
    probabilities: probabilities.slice(row * V, (row + 1) * V),
    ...(attention && { attention: attention.slice(row * positions!, (row + 1) * positions!) }),
  };
}

/** The hypothesis without a symbol. */
export const NO_SYMBOL: Hypothesis = {
  ...{ row: 0, symbol: 0, probability: 1, logProbability: 0, score: 0, length: 0, ended: false },
};

/** An answer that was found: an `Answers` of one, with its arrays (T_out) and (T_out, V). */
export interface FoundAnswer extends Answers {
  /** Logarithm of its probability, divided by a power of its length. */
  readonly score: number;
  /** If asked for: how much each position of the source was looked at, float32 (T_out, T_in); zeros after the end. */
  readonly attention?: Float32Array;
}

/** How to write an answer. */
export interface FoundLayout {
  /** Number of positions, T_out. */
  readonly length: number;
  /** Number of symbols, V. */
  readonly size: number;
  /** Index of the symbol that ends an answer; null if every answer has T_out symbols. */
  readonly endSymbol: number | null;
  /** Whether to give the probabilities of all symbols, and the attention if there is one. */
  readonly probabilities: boolean;
  readonly attention: boolean;
}

/** Writes a hypothesis as arrays. After its end it has the end symbol with probability 1, as the answers of a device do. */
export function readFound(hypothesis: Hypothesis, layout: FoundLayout): FoundAnswer {
  const { length: T, size: V, endSymbol } = layout;
  const characters = new Uint8Array(T).fill(endSymbol ?? 0);
  const confidence = new Float32Array(T).fill(1);
  const probabilities = new Float32Array(layout.probabilities ? T * V : 0);
  let attention: Float32Array | undefined;
  for (let t = hypothesis.length; t < T; t++) probabilities[t * V + endSymbol!] = 1;
  for (let at = hypothesis; at.before !== undefined; at = at.before) {
    const t = at.length - 1;
    characters[t] = at.symbol;
    confidence[t] = at.probability;
    if (at.given === undefined) continue;
    if (layout.probabilities) probabilities.set(at.given.probabilities, t * V);
    if (!layout.attention || at.given.attention === undefined) continue;
    const positions = at.given.attention.length;
    attention ??= new Float32Array(T * positions);
    attention.set(at.given.attention, t * positions);
  }
  return {
    ...{ characters, confidence, score: hypothesis.score },
    ...(layout.probabilities && { probabilities }),
    ...(attention && { attention }),
  };
}
