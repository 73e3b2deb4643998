/**
 * Draws unordered pairs of operands without repetition. Their distribution is that of rejection sampling, which draws and
 * discards repeats. When most draws are repeats, the remaining pairs are listed and drawn from directly, so that drawing
 * always ends.
 *
 * @module
 */
import type { Prng } from "../random/prng.ts";

/** A pair of operands in the order in which they were drawn. */
export type Pair = readonly [number, number];

/** A source of different pairs. */
export interface PairSampler {
  /** Draws a pair that was not drawn before. */
  next(): Pair;
}

/** Number of repeats in a row after which the remaining pairs are listed. */
const PATIENCE = 100;
/** Up to this many digits all pairs (50,005,000) can be listed. */
const MAX_LISTED_DIGITS = 4;

/** Makes the sampler of an addition problem. */
export function createPairSampler(
  problem: {
    readonly digits: number;
    readonly sampler: "notebook" | "uniform";
    /** Most pairs that will be drawn. */
    readonly examples: number;
  },
  prng: Prng,
): PairSampler {
  const { digits, examples } = problem;
  const uniform = problem.sampler === "uniform";
  const draw = uniform
    ? (): Pair => drawUniform(digits, prng)
    : (): Pair => drawNotebook(digits, prng);
  const seen = digits <= MAX_LISTED_DIGITS ? createBitSet(digits) : createHashSet(examples);
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

/** Draws both operands alike: a length uniform in 1..digits, then each digit uniformly, read as an integer. */
function drawNotebook(digits: number, prng: Prng): Pair {
  return [drawOperand(digits, prng), drawOperand(digits, prng)];
}

function drawOperand(digits: number, prng: Prng): number {
  const length = 1 + prng.nextInt(digits);
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 10 + prng.nextInt(10);
  return value;
}

/** Draws every unordered pair with equal probability: half of the ordered pairs of different operands are discarded. */
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

/** Makes a set with one bit for each pair: 6 MB for 4 digits. */
function createBitSet(digits: number): PairSet {
  const operands = 10 ** digits;
  const bits = new Uint8Array(Math.ceil((operands * (operands + 1)) / 16));
  const has = (a: number, b: number): boolean => {
    const key = pairKey(a, b);
    return (bits[key >>> 3]! & (1 << (key & 7))) !== 0;
  };
  const add = (a: number, b: number): boolean => {
    const key = pairKey(a, b);
    const before = bits[key >>> 3]!;
    const after = before | (1 << (key & 7));
    bits[key >>> 3] = after;
    return after !== before;
  };
  return { add, has };
}

/** The unordered pair's place in the list 0+0, 0+1, 1+1, 0+2, 1+2, 2+2, … */
function pairKey(a: number, b: number): number {
  const high = Math.max(a, b);
  return (high * (high + 1)) / 2 + Math.min(a, b);
}

/**
 * Makes a hash set for at most `most` pairs, with 11 to 21 bytes a pair. It is used where a bit set would be too large.
 * Collisions are resolved by linear probing; at most three quarters of the places are taken.
 */
function createHashSet(most: number): PairSet {
  const places = 2 ** Math.ceil(Math.log2(4 / 3 * most + 1));
  const pairs = new Uint32Array(2 * places); // larger operand + 1, smaller one; 0: free
  /** Finds the place of a pair, or the free place where it belongs. */
  const find = (low: number, high: number): number => {
    let hash = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
    let place = (hash ^ (hash >>> 13)) & (places - 1);
    while (pairs[2 * place] !== 0) {
      if (pairs[2 * place] === high + 1 && pairs[2 * place + 1] === low) return place;
      place = (place + 1) & (places - 1);
    }
    return place;
  };
  const has = (a: number, b: number): boolean =>
    pairs[2 * find(Math.min(a, b), Math.max(a, b))] !== 0;
  const add = (a: number, b: number): boolean => {
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    const place = find(low, high);
    if (pairs[2 * place] !== 0) return false;
    pairs[2 * place] = high + 1;
    pairs[2 * place + 1] = low;
    return true;
  };
  return { add, has };
}

/**
 * Draws from the listed remaining pairs, each with the probability that rejection sampling gives it.
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
  const weightOf = uniform ? (): number => 1 : createNotebookWeight(digits);
  const sizes = new Map<number, number>();
  forEachRow(digits, (high, first, end) => {
    let size = 0;
    for (let low = first; low < end; low++) if (!seen.has(low, high)) size++;
    const weight = weightOf(first, high);
    if (size > 0) sizes.set(weight, (sizes.get(weight) ?? 0) + size);
  });
  const classes = new Map<number, PairClass>();
  for (const [weight, size] of sizes) {
    const [lows, highs] = [new Uint16Array(size), new Uint16Array(size)];
    classes.set(weight, { weight, lows, highs, count: 0 });
  }
  forEachRow(digits, (high, first, end) => {
    const members = classes.get(weightOf(first, high));
    if (members === undefined) return; // all pairs of this class were drawn
    for (let low = first; low < end; low++) {
      if (seen.has(low, high)) continue;
      members.lows[members.count] = low;
      members.highs[members.count] = high;
      members.count++;
    }
  });
  return [...classes.values()];
}

/** Visits all pairs with low <= high, in rows of equal probability: one larger operand, smaller operands of one length. */
function forEachRow(
  digits: number,
  visit: (high: number, firstLow: number, endLow: number) => void,
): void {
  for (let high = 0; high < 10 ** digits; high++) {
    for (let first = 0; first < high; first = Math.max(10, 10 * first)) {
      visit(high, first, Math.min(high, Math.max(10, 10 * first)));
    }
    visit(high, high, high + 1);
  }
}

/** Gives the probability of an unordered pair under the notebook's sampler, times digits². */
function createNotebookWeight(digits: number): (low: number, high: number) => number {
  const weights = Float64Array.from({ length: 10 ** digits }, (_, i) => operandWeight(digits, i));
  return (low, high) => (low === high ? 1 : 2) * weights[low]! * weights[high]!;
}

/** Σ 10^-length over the lengths that can write the value, leading zeros included. */
function operandWeight(digits: number, value: number): number {
  let weight = 0;
  for (let length = String(value).length; length <= digits; length++) weight += 10 ** -length;
  return weight;
}
