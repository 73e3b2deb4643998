/** How additions are practised: which are asked both ways round, and which more often than others. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { integer } from "../arguments/rule.ts";
import { parseAddition } from "./addition.ts";
import type { Example } from "./example.ts";
import { formatQuestion, MAX_LENGTH, type QuestionLayout, readQuestion } from "./question.ts";

/** What a split needs to know of a problem whose examples have a second form and are not all equally rare. */
export interface Practice {
  /** Gives the other form of an example. */
  readonly swapOf: (example: Example) => Example;
  /** Says how often an example is taken compared with one of weight 1. */
  readonly weightOf: (example: Example) => number;
  /** Says whether an example is trained on in any case, and never held back. */
  readonly keep: (example: Example) => boolean;
}

/** Weights by the number of digits of both operands together: 1+1, 1+2. All others have weight 1. */
const WEIGHTS: Readonly<Record<number, number>> = { 2: 20, 3: 4 };
/** Digits of both operands together of the sums that are never held back: there are 55. */
const KEPT_DIGITS = 2;

/**
 * Says how additions are practised: with their numbers swapped too; sums of two one-digit numbers 20 times as often as others,
 * and never held back; those of a one-digit and a two-digit number four times as often.
 *
 * Short sums are few (55 and 900 of the 500,500 of up to 3 digits), and no rule that long ones teach says how their ends are
 * padded: trained on like the others, a model misses some.
 *
 * @param layout how the questions are laid out, as `additionLayout` says
 * @throws {TypeError | RangeError} if the layout is none; later, if an example is no addition of that layout
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
