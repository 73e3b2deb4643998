/** The sums over examples that the loss leaves, one triple for each panel of 8. @module */
import type { Engine } from "./engine.ts";

/** Sums over examples. */
export interface Sums {
  /** Sum of the cross-entropies of all characters, in nats. */
  readonly loss: number;
  /** Number of correct characters. */
  readonly characters: number;
  /** Number of examples with every character correct. */
  readonly exactMatches: number;
}

/** Bytes of the sums of a panel: float64 (3). */
export const SUM_BYTES = 24;

/** Adds the sums of all panels, always in the same order. */
export function addSums({ heap }: Engine, address: number, panels: number): Sums {
  const parts = new Float64Array(heap.memory.buffer, address, 3 * panels);
  let [loss, characters, exactMatches] = [0, 0, 0];
  for (let i = 0; i < parts.length; i += 3) {
    loss += parts[i]!;
    characters += parts[i + 1]!;
    exactMatches += parts[i + 2]!;
  }
  return { loss, characters, exactMatches };
}
