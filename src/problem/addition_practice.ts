/** How additions are practised: with swapped numbers, and short sums more often than others. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { integer } from "../arguments/rule.ts";
import { parseAddition } from "./addition.ts";
import type { PaddedExample as Example } from "./padded_example.ts";
import {
  formatQuestion,
  MAX_LENGTH,
  type QuestionLayout,
  readQuestion,
} from "../codec/question.ts";

/** The options of `splitDataset` for a problem whose examples have a swapped form and different weights. */
export interface Practice {
  /** Gives the swapped form of an example. */
  readonly swapOf: (example: Example) => Example;
  /** Gives the weight of an example: how often it is taken compared with one of weight 1. */
  readonly weightOf: (example: Example) => number;
  /** Says whether an example is never held back. */
  readonly keep: (example: Example) => boolean;
}

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
 * @param layout the layout of the questions, as `additionLayout` gives it
 * @throws {TypeError | RangeError} if the layout is not valid; later, from its functions, if an example is not an addition
 * @example
 * ```ts
 * import {
 *   ADDITION_CHARACTERS, additionLayout, createCharacterTable, createDataset, generateAddition, practiseAddition, resolveAddition,
 *   splitDataset,
 * } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * const problem = resolveAddition({ digits: 2, examples: 2000 });
 * const table = createCharacterTable(ADDITION_CHARACTERS);
 * const dataset = createDataset(generateAddition(problem), table, { inputLength: 5, outputLength: 3 });
 * const split = splitDataset(dataset, { seed: 1, ...practiseAddition(additionLayout(problem)) });
 * assertEquals(split.withSwapped?.count, 2 * split.training.count);
 * ```
 */
export function practiseAddition(layout: QuestionLayout): Practice {
  formatQuestion("", layout); // checks the layout
  const { length, reverse } = layout;
  checkValue("practise additions", "length", length, integer(3, MAX_LENGTH));
  const operandsOf = ({ source }: Example): [string, string] =>
    parseAddition(readQuestion(source, { reverse }));
  const digitsOf = (example: Example): number => {
    const [a, b] = operandsOf(example);
    return a.length + b.length;
  };
  return {
    swapOf(example): Example {
      const [a, b] = operandsOf(example);
      return { ...example, source: formatQuestion(`${b}+${a}`, { length, reverse }) };
    },
    weightOf: (example) => WEIGHTS[digitsOf(example)] ?? 1,
    keep: (example) => digitsOf(example) === KEPT_DIGITS,
  };
}
