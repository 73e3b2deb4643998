/** In which order, how often and in which form examples are taken in an epoch. @module */
import { forkPrng, type Prng } from "../random/prng.ts";
import { runInTurns, type Sliced, type TurnOptions } from "../time/slices.ts";
import { shufflePositions } from "./shuffle.ts";

/** How examples are taken. */
export interface OrderOptions {
  /**
   * Whether an example is taken in its swapped form half of the time, at random: for a sum, with its two numbers swapped. The
   * split must have been made with `swapOf`.
   */
  readonly swap: boolean;
  /**
   * Whether examples are taken as often as their weights say: for sums, those of short numbers more often. The split must have been
   * made with `weightOf`.
   */
  readonly weighted: boolean;
}

/** What an epoch takes its examples from. */
export interface EpochOptions {
  /** Same seed and epoch, same order. */
  readonly seed: number;
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** How often every example is taken, whole numbers from 1 on, (N). Default: all equally often. */
  readonly weights?: Uint16Array | undefined;
  /** Whether the rows `count` to `2 · count - 1` are the swapped forms of the others. Default false. */
  readonly swap?: boolean;
}

/** Choices between two forms made in a few milliseconds. */
const CHOICES_A_SLICE = 65_536;

/**
 * Draws the rows that an epoch takes, `count` of them whatever the weights are.
 *
 * Every row is put into a list as often as its weight says, the list is shuffled, and its first `count` entries are taken: with
 * equal weights every row once. Then each is replaced by its swapped form with probability 1/2.
 *
 * @returns rows from 0 to `count - 1`, with `swap` to `2 · count - 1`
 */
export function* drawEpoch(count: number, options: EpochOptions): Sliced<Uint32Array> {
  const { seed, epoch, weights, swap = false } = options;
  const prng = forkPrng(seed, `order/${epoch}`);
  const list = weights === undefined ? listRows(count) : repeatRows(weights);
  const order = (yield* shufflePositions(list, prng)).subarray(0, count);
  if (swap) yield* swapHalf(order, count, prng);
  return order;
}

/** Draws the rows of an epoch, and gives the event loop its turns: millions of examples take seconds. */
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
/** Repeats take at most this share of an epoch. */
const MOST_REPEATS = 1 / 4;

/**
 * Limits weights, so that repeats crowd nothing out: all weights are taken relative to the smallest one; where the repeats would
 * take more than a quarter of an epoch, all are reduced in proportion, and rounded down.
 *
 *   w' = 1 + floor((w / min(w) - 1) · f),  f = min(1, N / (4 · Σ(w / min(w) - 1)))
 *
 * @param weights at least one, whole numbers from 1 to 1000; they are changed in place
 */
export function limitWeights(weights: Uint16Array): void {
  const least = weights.reduce((a, b) => Math.min(a, b));
  const repeats = weights.reduce((sum, weight) => sum + weight / least - 1, 0);
  const factor = Math.min(1, MOST_REPEATS * weights.length / Math.max(repeats, 1));
  weights.forEach((weight, row) => weights[row] = 1 + Math.floor((weight / least - 1) * factor));
}
