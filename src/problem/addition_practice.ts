/** How additions are practised: with swapped numbers, and short sums more often than others. @module */
import { parseAddition } from "./addition.ts";
import type { Example } from "./example.ts";
import type { Practice } from "./problem.ts";

/** Weights by the number of digits of both operands together: 2 for 1+1 digits, 3 for 1+2. All others have weight 1. */
const WEIGHTS: Readonly<Record<number, number>> = { 2: 20, 3: 4 };
/** Sums with this number of digits of both operands together are never held back. There are 55. */
const KEPT_DIGITS = 2;

/**
 * Gives the options of `splitDataset` with which additions are practised. The swapped form of a sum has its two numbers
 * swapped. Sums of two one-digit numbers have weight 20 and are never held back. Sums of a one-digit and a two-digit number
 * have weight 4, all others weight 1.
 *
 * Of 500,500 sums of up to 3 digits only 55 and 900 are that short. Long sums do not teach how answers of short sums are
 * padded, so that without weights a model answers some of the short ones wrong.
 *
 * Its functions throw a SyntaxError if an example is not an addition.
 *
 * @example
 * ```ts
 * import {
 *   createDataset, generateAddition, layOutAddition, practiseAddition, resolveAddition, splitDataset,
 * } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * const problem = resolveAddition({ digits: 2, examples: 2000 });
 * const dataset = createDataset(generateAddition(problem), layOutAddition(problem, true));
 * const split = splitDataset(dataset, { seed: 1, ...practiseAddition() });
 * assertEquals(split.withSwapped?.count, 2 * split.training.count);
 * ```
 */
export function practiseAddition(): Required<Practice> {
  const digitsOf = ({ question }: Example): number => {
    const [a, b] = parseAddition(question);
    return a.length + b.length;
  };
  return {
    swapOf(example): Example {
      const [a, b] = parseAddition(example.question);
      return { ...example, question: `${b}+${a}` };
    },
    weightOf: (example) => WEIGHTS[digitsOf(example)] ?? 1,
    keep: (example) => digitsOf(example) === KEPT_DIGITS,
  };
}
