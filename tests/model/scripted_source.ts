/** A source of symbols whose probabilities a function gives, to test searches without a network. @module */
import type { ChosenSymbols } from "../../src/device/decoding.ts";
import type { SourceSymbols, SymbolSource } from "../../src/model/symbol_source.ts";

/** Gives the probabilities (V) after some symbols of an answer to a source. */
export type NextProbabilities = (source: number, before: readonly number[]) => readonly number[];

/** A source, and the number of hypotheses of each of its steps. */
export interface ScriptedSource extends SymbolSource {
  readonly sizes: readonly number[];
}

/** Makes a source. Its attention at each position is one more than the position of the answer. */
export function scriptSource(count: number, next: NextProbabilities): ScriptedSource {
  let hypotheses: { readonly source: number; readonly before: readonly number[] }[] = Array.from(
    { length: count },
    (_, source) => ({ source, before: [] }),
  );
  const sizes: number[] = [];
  return {
    count,
    sizes,
    step(chosen?: ChosenSymbols): Promise<SourceSymbols> {
      if (chosen !== undefined) {
        hypotheses = Array.from(chosen.parents, (parent, i) => {
          const { source, before } = hypotheses[parent]!;
          return { source, before: [...before, chosen.symbols[i]!] };
        });
      }
      sizes.push(hypotheses.length);
      const rows = hypotheses.map(({ source, before }) => next(source, before));
      return Promise.resolve({
        probabilities: Float32Array.from(rows.flat()),
        attention: Float32Array.from(
          hypotheses.flatMap(({ before }) => [before.length + 1, before.at(-1) ?? 0]),
        ),
      });
    },
    [Symbol.dispose]: () => {},
  };
}

/** Gives probabilities that depend on everything before them, and differ by a factor of about a hundred. */
export function hashProbabilities(seed: number, size: number): NextProbabilities {
  return (source, before) => {
    const weights = Array.from({ length: size }, (_, symbol) => {
      let hash = seed + 1;
      for (const part of [source, ...before, symbol + 1]) {
        hash = Math.imul(hash ^ (part + 0x9e37), 0x85ebca6b);
        hash ^= hash >>> 13;
      }
      return Math.exp((hash >>> 0) / 2 ** 32 * 5);
    });
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => Math.fround(weight / sum));
  };
}
