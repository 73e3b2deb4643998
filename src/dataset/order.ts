/** Decides the order, the number of repeats and the form of the examples of an epoch. @module */
import { forkPrng, type Prng } from "../random/prng.ts";
import { runInTurns, type Sliced, type TurnOptions } from "../time/slices.ts";
import { shufflePositions } from "./shuffle.ts";

/** How an epoch takes its examples. */
export interface OrderOptions {
  /**
   * Whether each example is replaced by its swapped form at random, with probability 1/2. The swapped form of a sum has its
   * two numbers swapped. The split must be made with `swapOf`.
   */
  readonly swap: boolean;
  /**
   * Whether examples are taken in proportion to their weights. Of sums, those of short numbers have larger weights; of pairs, those
   * with rare features. The split must be made with `weightOf`, or of pairs.
   */
  readonly weighted: boolean;
  /**
   * Whether every epoch takes fresh examples, none of which is held back. They come in all their forms, so that `swap` must be
   * false. With `weighted` an epoch has an example as often as its weight at most, otherwise once. The split must be made
   * from a problem that makes its examples itself.
   */
  readonly fresh: boolean;
}

/** The options of an epoch. */
export interface EpochOptions {
  /** Seed. The same seed and epoch give the same order. */
  readonly seed: number;
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Weights of the examples, uint16 (N), each at least 1. Default: all equal. */
  readonly weights?: Uint16Array | undefined;
  /** Whether the rows `count` to `2 · count - 1` are the swapped forms of the others. Default false. */
  readonly swap?: boolean;
}

/** Number of choices between two forms that are made in a few milliseconds. */
const CHOICES_A_SLICE = 65_536;

/**
 * Draws the rows that an epoch takes. Their number is `count`, for any weights.
 *
 * A list has every row as many times as its weight. It is shuffled, and its first `count` entries are taken. Without weights
 * this is every row once. With `swap` each row is then replaced by its swapped form with probability 1/2.
 *
 * @returns rows from 0 to `count - 1`; with `swap`, from 0 to `2 · count - 1`
 */
export function* drawEpoch(count: number, options: EpochOptions): Sliced<Uint32Array> {
  const { seed, epoch, weights, swap = false } = options;
  const prng = forkPrng(seed, `order/${epoch}`);
  const list = weights === undefined ? listRows(count) : repeatRows(weights);
  const order = (yield* shufflePositions(list, prng)).subarray(0, count);
  if (swap) yield* swapHalf(order, count, prng);
  return order;
}

/** Draws the rows of an epoch as {@linkcode drawEpoch} does. Timers, signals and servers keep working meanwhile. */
export function drawEpochInTurns(
  count: number,
  options: EpochOptions,
  turns: TurnOptions,
): Promise<Uint32Array> {
  return runInTurns(drawEpoch(count, options), count, turns);
}

function listRows(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, row) => row);
}

function repeatRows(weights: Uint16Array): Uint32Array {
  const list = new Uint32Array(weights.reduce((sum, weight) => sum + weight, 0));
  let at = 0;
  weights.forEach((weight, row) => {
    list.fill(row, at, at + weight);
    at += weight;
  });
  return list;
}

function* swapHalf(order: Uint32Array, count: number, prng: Prng): Sliced<void> {
  for (let i = 0; i < order.length; i++) {
    order[i]! += count * prng.nextInt(2);
    if ((i + 1) % CHOICES_A_SLICE === 0) yield i;
  }
}

/** Largest weight. */
export const MAX_WEIGHT = 1000;
/** Largest share of repeats, relative to the number of examples. */
const MOST_REPEATS = 1 / 2;

/**
 * Limits weights, so that repeats leave room for the other examples. Weights are divided by the smallest one. If repeats would
 * number more than half of the examples, they are reduced in proportion and rounded down.
 *
 *   w' = 1 + floor((w / min(w) - 1) · f),  f = min(1, N / (2 · Σ(w / min(w) - 1)))
 *
 * @param weights at least one weight, each from 1 to 1000; the array is changed in place
 */
export function limitWeights(weights: Uint16Array): void {
  const least = weights.reduce((a, b) => Math.min(a, b));
  const repeats = weights.reduce((sum, weight) => sum + weight / least - 1, 0);
  const factor = Math.min(1, MOST_REPEATS * weights.length / Math.max(repeats, 1));
  weights.forEach((weight, row) => weights[row] = 1 + Math.floor((weight / least - 1) * factor));
}
