/** Draws different numbers at random. @module */
import type { Prng } from "../random/prng.ts";

/**
 * Draws different integers from 0 to `size - 1`, in random order, until all were drawn: a shuffle of which only what was moved is
 * kept (Fisher & Yates 1938).
 */
export function* drawDistinct(size: number, prng: Prng): Generator<number, void> {
  const moved = new Map<number, number>();
  for (let left = size; left > 0; left--) {
    const at = prng.nextInt(left);
    yield moved.get(at) ?? at;
    moved.set(at, moved.get(left - 1) ?? left - 1);
    moved.delete(left - 1);
  }
}
