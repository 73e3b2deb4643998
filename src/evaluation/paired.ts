/** How sure a difference of two shares is that were measured on the same examples. @module */
import { type Interval, wilsonInterval } from "./interval.ts";

/** Which of two models answers examples correctly. */
export interface PairedCounts {
  /** Number of examples that both answer correctly. */
  readonly both: number;
  /** Number that only the first does. */
  readonly onlyFirst: number;
  /** Number that only the second does. */
  readonly onlySecond: number;
  /** Number that neither does. */
  readonly neither: number;
}

/** A difference of shares on the same examples, with its 95 % interval, from -1 to 1. */
export interface PairedDifference extends Interval {
  /** Share of the second less that of the first. */
  readonly difference: number;
}

/**
 * Computes the difference of two shares on the same examples, and its 95 % interval, by Newcombe's score method for pairs.
 *
 *   p1 = (both + onlyFirst) / n, with Wilson's interval l1 to u1; p2 and l2 to u2 of the second; d = p2 - p1
 *   low  = d - sqrt((p2 - l2)² - 2 φ (p2 - l2) (u1 - p1) + (u1 - p1)²)
 *   high = d + sqrt((u2 - p2)² - 2 φ (u2 - p2) (p1 - l1) + (p1 - l1)²)
 *
 * φ is the correlation of being right: (both · neither - onlyFirst · onlySecond) / sqrt of the product of the four margins, 0 if a
 * margin is 0. If its numerator is above 0, it is lowered by n / 2, at most to 0.
 *
 * Source: Newcombe 1998, "Improved confidence intervals for the difference between binomial proportions based on paired data",
 * method 10. It is not empty where the models differ nowhere, as the usual d ± 1.96 s would be.
 */
export function comparePaired(counts: PairedCounts): PairedDifference {
  const { both, onlyFirst, onlySecond, neither } = counts;
  const n = both + onlyFirst + onlySecond + neither;
  const [right1, right2] = [both + onlyFirst, both + onlySecond];
  const [p1, p2] = [right1 / n, right2 / n];
  const [first, second] = [wilsonInterval(right1, n), wilsonInterval(right2, n)];
  const phi = correlate(counts);
  const combine = (a: number, b: number): number =>
    Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b));
  const difference = p2 - p1;
  return {
    difference,
    low: difference - combine(p2 - second.low, first.high - p1),
    high: difference + combine(second.high - p2, p1 - first.low),
  };
}

function correlate({ both, onlyFirst, onlySecond, neither }: PairedCounts): number {
  const n = both + onlyFirst + onlySecond + neither;
  const margins = (both + onlyFirst) * (onlySecond + neither) * (both + onlySecond) *
    (onlyFirst + neither);
  if (margins === 0) return 0;
  const product = both * neither - onlyFirst * onlySecond;
  return (product > 0 ? Math.max(0, product - n / 2) : product) / Math.sqrt(margins);
}

/**
 * Computes the p-value of the exact McNemar test: how probable it is that the examples which only one model answers correctly are
 * divided between the two at least as unequally as here, if both models are equally good.
 *
 *   p = min(1, 2 Σ_{k = 0}^{min(b, c)} binomial(b + c, k) / 2^{b + c})
 *
 * Two-sided and exact, by the binomial distribution, not by χ². 1 if the models differ nowhere.
 * Source: McNemar 1947; the exact form: Liddell 1983, "Simplified exact analysis of case-referent studies".
 *
 * @param onlyFirst number of examples that only the first answers correctly, b
 * @param onlySecond number that only the second does, c
 */
export function testMcNemar(onlyFirst: number, onlySecond: number): number {
  const n = onlyFirst + onlySecond;
  const least = Math.min(onlyFirst, onlySecond);
  let logTerm = -n * Math.LN2; // of k = 0; the terms of a large n are below the smallest number
  let sum = Math.exp(logTerm);
  for (let k = 1; k <= least; k++) {
    logTerm += Math.log((n - k + 1) / k);
    sum += Math.exp(logTerm);
  }
  return Math.min(1, 2 * sum);
}
