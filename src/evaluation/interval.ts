/** How sure a share is that was measured on some examples. @module */

/** An interval of shares. */
export interface Interval {
  /** Its lower end, from 0. */
  readonly low: number;
  /** Its upper end, up to 1. */
  readonly high: number;
}

/** Quantile of the standard normal distribution at 0.975: 95 % are within so many standard deviations. */
const Z = 1.959963984540054;

/** Groups with fewer examples are marked as small: their intervals are wide. */
export const SMALL_GROUP = 30;

/**
 * Computes the 95 % interval of a share, by Wilson's score.
 *
 *   p = right / n;  centre = (p + z²/2n) / (1 + z²/n)
 *   half = z / (1 + z²/n) · sqrt(p (1 - p) / n + z²/4n²)
 *
 * If the examples are a random draw, such an interval contains the share among all possible examples in about 95 of 100
 * draws. It is not empty where all answers are right or all are wrong, as the usual p ± 1.96 s would be.
 *
 * Source: Wilson 1927; recommended by Brown, Cai & DasGupta 2001. Without continuity correction.
 *
 * @param right number of right answers, from 0
 * @param examples number of examples, n. Without any, nothing is known: the interval is 0 to 1
 */
export function wilsonInterval(right: number, examples: number): Interval {
  if (examples === 0) return { low: 0, high: 1 };
  const p = right / examples;
  const spread = Z * Z / examples;
  const centre = p + spread / 2;
  const half = Z * Math.sqrt(p * (1 - p) / examples + spread / examples / 4);
  return {
    low: right === 0 ? 0 : (centre - half) / (1 + spread),
    high: right === examples ? 1 : (centre + half) / (1 + spread),
  };
}

/** Gives the interval of a share: of all examples there are, the share itself. */
export function findInterval(right: number, examples: number, complete: boolean): Interval {
  if (!complete || examples === 0) return wilsonInterval(right, examples);
  return { low: right / examples, high: right / examples };
}
