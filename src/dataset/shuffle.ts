/** A random order. @module */
import type { Prng } from "../random/prng.ts";
import type { Sliced } from "../time/slices.ts";

/** Exchanges done in a few milliseconds. */
const EXCHANGES_A_SLICE = 65_536;

/**
 * Gives the positions 0 to `count - 1` in a random order, each order equally likely (Fisher & Yates 1938; Durstenfeld 1964);
 * yields the number of positions whose place is settled.
 */
export function* shuffledPositions(count: number, prng: Prng): Sliced<Uint32Array> {
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  for (let last = count - 1; last > 0; last--) {
    const other = prng.nextInt(last + 1);
    const kept = order[last]!;
    order[last] = order[other]!;
    order[other] = kept;
    if ((count - last) % EXCHANGES_A_SLICE === 0) yield count - last;
  }
  return order;
}
