/** Whether a model's probabilities are as high as its answers are right. @module */

/** Answers of about the same probability. */
export interface CalibrationBin {
  /** Lower bound of their probabilities, exclusive; inclusive in the first bin. */
  readonly from: number;
  /** Upper bound, inclusive. */
  readonly to: number;
  /** Number of answers. */
  readonly examples: number;
  /** Number of right ones. */
  readonly right: number;
  /** Mean of their probabilities; null without answers. */
  readonly meanProbability: number | null;
}

/** How well the probability of an answer tells whether it is right. */
export interface Calibration {
  /**
   * Expected calibration error, from 0, which is best, to 1: the mean over all answers of the distance, in their bin,
   * between the share of right answers and the mean probability.
   */
  readonly expectedCalibrationError: number;
  /** Mean of (probability - correctness)², from 0, which is best, to 1; correctness is 1 for a right answer, else 0. */
  readonly brierScore: number;
  /** Mean probability of the answers. Above the exact match the model is too sure on average. */
  readonly meanProbability: number;
  /** Bins of equal width, in their order. */
  readonly bins: readonly CalibrationBin[];
}

/** Counts answers by their probabilities. */
export interface CalibrationCounter {
  /** Counts an answer. @param probability from 0 to 1 */
  add(probability: number, isRight: boolean): void;
  /** Gives the calibration of the answers so far, of which there is at least one. */
  finish(): Calibration;
}

/** Number of bins of equal width, as a reader can take in. */
const BINS = 10;

/**
 * Makes a counter of answers by their probabilities, in 10 bins of equal width: (0, 0.1], (0.1, 0.2] …
 *
 *   ECE = Σ_b n_b / n · |right_b / n_b - p_b|;  Brier = 1/n Σ (p - correctness)²
 *
 * Source: Guo, Pleiss, Sun & Weinberger 2017, "On Calibration of Modern Neural Networks", with their bins; Brier 1950,
 * here of the two events that an answer is right or wrong. An answer is a whole text, and its probability the product of
 * its symbols' probabilities.
 */
export function createCalibrationCounter(): CalibrationCounter {
  const examples = new Array<number>(BINS).fill(0);
  const right = new Array<number>(BINS).fill(0);
  const sums = new Array<number>(BINS).fill(0);
  let squares = 0;
  return {
    add(probability, isRight): void {
      const bin = Math.min(BINS - 1, Math.max(0, Math.ceil(probability * BINS) - 1));
      examples[bin]!++;
      right[bin]! += Number(isRight);
      sums[bin]! += probability;
      squares += (probability - Number(isRight)) ** 2;
    },
    finish(): Calibration {
      const n = sum(examples);
      const distances = examples.map((_, bin) => Math.abs(right[bin]! - sums[bin]!)); // n_b times
      return {
        expectedCalibrationError: sum(distances) / n,
        brierScore: squares / n,
        meanProbability: sum(sums) / n,
        bins: examples.map((count, bin) => ({
          from: bin / BINS,
          to: (bin + 1) / BINS,
          examples: count,
          right: right[bin]!,
          meanProbability: count === 0 ? null : sums[bin]! / count,
        })),
      };
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
