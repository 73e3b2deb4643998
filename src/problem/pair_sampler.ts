/**
 * Draws unordered pairs of operands without repetition, exactly as drawing and throwing repeats away would, but never
 * for ever: when repeats become the rule, the pairs that are left are listed and drawn from directly.
 *
 * @module
 */
import type { Prng } from "../random/prng.ts";

/** A pair of operands in the order in which they were drawn. */
export type Pair = readonly [number, number];

/** Gives one new pair a call. */
export interface PairSampler {
  /** Draws a pair that was not drawn before. */
  next(): Pair;
}

/** Repeats in a row after which the remaining pairs are listed. */
const PATIENCE = 100;
/** Up to this many digits all pairs (50,005,000) can be listed. */
const MAX_LISTED_DIGITS = 4;

/** Makes the sampler of an addition problem. */
export function createPairSampler(
  problem: { readonly digits: number; readonly sampler: "notebook" | "uniform" },
  prng: Prng,
): PairSampler {
  const { digits } = problem;
  const uniform = problem.sampler === "uniform";
  const draw = uniform
    ? (): Pair => drawUniform(digits, prng)
    : (): Pair => drawNotebook(digits, prng);
  const seen = digits <= MAX_LISTED_DIGITS ? createBitSet(digits) : createKeySet();
  let remaining: PairSampler | undefined;
  return {
    next(): Pair {
      if (remaining !== undefined) return remaining.next();
      for (let repeats = 0; repeats < PATIENCE || digits > MAX_LISTED_DIGITS; repeats++) {
        const pair = draw();
        if (seen.add(...pair)) return pair;
      }
      remaining = createRemainingSampler(digits, uniform, seen, prng);
      return remaining.next();
    },
  };
}

/** Length uniform in 1..digits, each digit uniform, read as an integer; the second operand likewise. */
function drawNotebook(digits: number, prng: Prng): Pair {
  return [drawOperand(digits, prng), drawOperand(digits, prng)];
}

function drawOperand(digits: number, prng: Prng): number {
  const length = 1 + prng.nextInt(digits);
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 10 + prng.nextInt(10);
  return value;
}

/** Each unordered pair equally likely: an ordered pair of different operands is kept half of the time. */
function drawUniform(digits: number, prng: Prng): Pair {
  const operands = 10 ** digits;
  for (;;) {
    const pair: Pair = [prng.nextInt(operands), prng.nextInt(operands)];
    if (pair[0] === pair[1] || prng.nextInt(2) === 0) return pair;
  }
}

interface PairSet {
  /** Adds the unordered pair; says whether it was new. */
  add(a: number, b: number): boolean;
  /** Says whether the unordered pair is there. */
  has(a: number, b: number): boolean;
}

/** One bit a pair: 6 MB for 4 digits. */
function createBitSet(digits: number): PairSet {
  const operands = 10 ** digits;
  const bits = new Uint8Array(Math.ceil((operands * (operands + 1)) / 16));
  const has = (a: number, b: number): boolean => {
    const key = pairKey(a, b);
    return (bits[key >>> 3]! & (1 << (key & 7))) !== 0;
  };
  const add = (a: number, b: number): boolean => {
    if (has(a, b)) return false;
    const key = pairKey(a, b);
    bits[key >>> 3]! |= 1 << (key & 7);
    return true;
  };
  return { add, has };
}

/** A hash set, for the numbers of digits whose pairs are too many for bits. */
function createKeySet(): PairSet {
  const keys = new Set<number | bigint>();
  const keyOf = (a: number, b: number): number | bigint => {
    const key = pairKey(a, b);
    return Number.isSafeInteger(key)
      ? key
      : BigInt(Math.max(a, b)) * 1_000_000_000n + BigInt(Math.min(a, b));
  };
  const has = (a: number, b: number): boolean => keys.has(keyOf(a, b));
  const add = (a: number, b: number): boolean => {
    const before = keys.size;
    return keys.add(keyOf(a, b)).size > before;
  };
  return { add, has };
}

/** The unordered pair's place in the list 0+0, 0+1, 1+1, 0+2, 1+2, 2+2, … */
function pairKey(a: number, b: number): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  return (high * (high + 1)) / 2 + low;
}

/**
 * Draws from the listed remaining pairs, each with the probability that rejection gives it.
 *
 * Under the notebook's sampler the probability of an operand depends on its number of digits alone, so pairs fall
 * into a few classes of equal probability: a class is drawn by its weight, then a pair of it uniformly.
 */
function createRemainingSampler(
  digits: number,
  uniform: boolean,
  seen: PairSet,
  prng: Prng,
): PairSampler {
  const classes = listRemaining(digits, uniform, seen);
  return {
    next(): Pair {
      let total = 0;
      for (const { weight, count } of classes) total += weight * count;
      let point = prng.nextFloat() * total;
      let chosen = classes.find(({ weight, count }) => (point -= weight * count) < 0);
      chosen ??= classes.findLast(({ count }) => count > 0);
      if (chosen === undefined) throw new RangeError("Cannot draw a pair: every pair was drawn");
      const at = prng.nextInt(chosen.count);
      const low = chosen.lows[at]!;
      const high = chosen.highs[at]!;
      chosen.count--;
      chosen.lows[at] = chosen.lows[chosen.count]!;
      chosen.highs[at] = chosen.highs[chosen.count]!;
      return prng.nextInt(2) === 0 ? [low, high] : [high, low];
    },
  };
}

interface PairClass {
  /** Probability of each pair of the class, up to a common factor. */
  readonly weight: number;
  readonly lows: Uint16Array;
  readonly highs: Uint16Array;
  count: number;
}

function listRemaining(digits: number, uniform: boolean, seen: PairSet): readonly PairClass[] {
  const sizes = new Map<number, number>();
  forEachRemaining(digits, seen, (low, high) => {
    const weight = uniform ? 1 : notebookWeight(digits, low, high);
    sizes.set(weight, (sizes.get(weight) ?? 0) + 1);
  });
  const classes = new Map<number, PairClass>();
  for (const [weight, size] of sizes) {
    classes.set(weight, {
      weight,
      lows: new Uint16Array(size),
      highs: new Uint16Array(size),
      count: 0,
    });
  }
  forEachRemaining(digits, seen, (low, high) => {
    const members = classes.get(uniform ? 1 : notebookWeight(digits, low, high))!;
    members.lows[members.count] = low;
    members.highs[members.count] = high;
    members.count++;
  });
  return [...classes.values()];
}

function forEachRemaining(
  digits: number,
  seen: PairSet,
  visit: (low: number, high: number) => void,
): void {
  const operands = 10 ** digits;
  for (let high = 0; high < operands; high++) {
    for (let low = 0; low <= high; low++) if (!seen.has(low, high)) visit(low, high);
  }
}

/** Probability of the unordered pair under the notebook's sampler, times digits². */
function notebookWeight(digits: number, low: number, high: number): number {
  const orders = low === high ? 1 : 2;
  return orders * operandWeight(digits, low) * operandWeight(digits, high);
}

/** Σ 10^-length over the lengths that can write the value, leading zeros included. */
function operandWeight(digits: number, value: number): number {
  let weight = 0;
  for (let length = String(value).length; length <= digits; length++) weight += 10 ** -length;
  return weight;
}
