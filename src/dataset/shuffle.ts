/** Random orders. @module */
import type { Prng } from "../random/prng.ts";
import type { Sliced } from "../time/slices.ts";

/** Number of exchanges that are done in a few milliseconds. */
const EXCHANGES_A_SLICE = 65_536;

/** Gives the positions 0 to `count - 1` in a random order, as {@linkcode shufflePositions} does. */
export function shuffledPositions(count: number, prng: Prng): Sliced<Uint32Array> {
  return shufflePositions(Uint32Array.from({ length: count }, (_, i) => i), prng);
}

/**
 * Shuffles a list in place. Every order is equally likely (Fisher & Yates 1938; Durstenfeld 1964). It yields the number of
 * entries that have their final place.
 *
 * @returns the list
 */
export function* shufflePositions(list: Uint32Array, prng: Prng): Sliced<Uint32Array> {
  for (let last = list.length - 1; last > 0; last--) {
    const other = prng.nextInt(last + 1);
    const kept = list[last]!;
    list[last] = list[other]!;
    list[other] = kept;
    if ((list.length - last) % EXCHANGES_A_SLICE === 0) yield list.length - last;
  }
  return list;
}
