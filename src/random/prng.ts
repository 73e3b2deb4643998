/**
 * The only source of randomness: generators that are forked from the seed by name.
 *
 * With a generator for every name, one use of randomness does not affect another, and resuming needs no stored state: the order of
 * epoch 7 comes from `forkPrng(seed, "order/7")`, whether the run was interrupted or not.
 *
 * @module
 */
import { checkValue } from "../arguments/resolve_options.ts";
import { SEED } from "../arguments/rule.ts";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";

/** A stream of random numbers. */
export interface Prng {
  /** Draws an integer uniformly from 0 to `bound - 1`. */
  nextInt(bound: number): number;
  /** Draws a float64 uniformly from [0, 1). */
  nextFloat(): number;
}

/**
 * Makes the generator that belongs to a name under a seed.
 *
 * xoroshiro128+ (Blackman & Vigna 2018), seeded with a 32-bit hash of seed and name.
 *
 * @throws {RangeError} if the seed is not a safe integer
 */
export function forkPrng(seed: number, name: string): Prng {
  checkValue("draw random numbers", "the seed", seed, SEED);
  const generator = xoroshiro128plus(hashText(`${seed}/${name}`));
  return {
    nextInt: (bound) =>
      bound < WORDS ? drawBelow(generator, bound) : uniformInt(generator, 0, bound - 1),
    nextFloat: () => uniformFloat64(generator),
  };
}

/** Number of values of a 32-bit word. */
const WORDS = 2 ** 32;

/**
 * Draws what `uniformInt(generator, 0, bound - 1)` draws, by arithmetic on words: a division of doubles costs ten times as much.
 * Words at or above the largest multiple of the bound are discarded, so that every result is equally likely.
 */
function drawBelow(generator: { next(): number }, bound: number): number {
  const limit = Math.floor(WORDS / bound) * bound;
  let word = (generator.next() ^ 0x80000000) >>> 0;
  while (word >= limit) word = (generator.next() ^ 0x80000000) >>> 0;
  return word % (bound >>> 0);
}

/** FNV-1a over UTF-16 code units, then the finaliser of MurmurHash3, so that similar names give different seeds. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
