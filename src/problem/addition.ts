/**
 * Addition as text for programs: `"535+61"` → `"596"`. The problem of Keras' addition_rnn notebook.
 *
 * @module
 */
import { checkValue } from "../arguments/resolve_options.ts";
import { describeFound, integer, TEXT } from "../arguments/rule.ts";
import type { Layout } from "../codec/layout.ts";
import { ADDITION } from "./addition_problem.ts";
import { practiseArithmetic } from "./arithmetic/practice.ts";
import type { ArithmeticSettings } from "./arithmetic/settings.ts";
import type { Example } from "./example.ts";
import type { Practice, Problem } from "./problem.ts";

/** The characters of the addition problem in base 10, in the order of their indices. */
export const ADDITION_CHARACTERS = " +0123456789";

/** The options of an addition problem. */
export interface AdditionOptions extends Partial<Omit<ArithmeticSettings, "name" | "operators">> {
  /** Its name in the registry. */
  readonly name?: "addition";
}

/** An addition problem: {@linkcode AdditionOptions} with every value given and checked. */
export interface AdditionSettings extends ArithmeticSettings {
  /** Its name in the registry. */
  readonly name: "addition";
}

/**
 * Fills in the defaults of an addition problem and checks it.
 *
 * @throws {TypeError} if an option is unknown or has a wrong type
 * @throws {RangeError} if a value is out of its range, or more examples are asked for than there are sums
 */
export function resolveAddition(options: AdditionOptions = {}): AdditionSettings {
  return { ...ADDITION.resolve(options), name: "addition" };
}

/**
 * Makes an addition problem: its examples, its groups, and what it reads.
 *
 * @throws {TypeError | RangeError} as {@linkcode resolveAddition} does
 */
export function createAddition(options: AdditionOptions = {}): Problem {
  const settings = resolveAddition(options);
  return ADDITION.create(settings, layOutAddition(settings, true));
}

/**
 * Gives the layout of an addition problem: the notebook's one table of characters for questions and answers.
 *
 * @param reverse whether sources are reversed
 * @throws {TypeError | RangeError} as {@linkcode resolveAddition} does
 */
export function layOutAddition(options: AdditionOptions, reverse: boolean): Layout {
  return ADDITION.layOut!(resolveAddition(options), reverse);
}

/**
 * Generates unique additions, one by one as they are taken.
 *
 * No unordered pair of numbers occurs twice: after `1+23` there is no `23+1`. All pairs can be generated.
 * Source of the `notebook` sampler: keras-team/keras `examples/addition_rnn.py`.
 *
 * @throws {TypeError | RangeError} at the call, as {@linkcode resolveAddition} does
 * @example
 * ```ts
 * import { generateAddition } from "@carry/seq2seq/addition";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [...generateAddition({ digits: 1, examples: 55 })];
 * assertEquals(examples.length, 55);
 * assertEquals(examples.every(({ question }) => question.length === 3), true);
 * ```
 */
export function generateAddition(options: AdditionOptions = {}): Iterable<Example> {
  return createAddition(options).generated!.examples();
}

/**
 * Counts the sums of two numbers in base 10, without regard to their order: n(n+1)/2 for n = 10^digits.
 *
 * @throws {TypeError | RangeError} if `digits` is not an integer from 1 to 9
 */
export function countAdditions(digits: number): number {
  checkValue("count additions", "digits", digits, integer(1, 9));
  const numbers = 10 ** digits;
  return (numbers * (numbers + 1)) / 2;
}

/**
 * Reads the two numbers of a sum in base 10. Spaces around them are ignored.
 *
 * @returns the digits of both numbers, as strings
 * @throws {TypeError} if the text is not a string
 * @throws {SyntaxError} if it is not a sum
 * @example
 * ```ts
 * import { parseAddition } from "@carry/seq2seq/addition";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseAddition(" 12 + 34 "), ["12", "34"]);
 * ```
 */
export function parseAddition(text: string): [string, string] {
  checkValue("read an addition", "the text", text, TEXT);
  const match = /^\s*(\d+)\s*\+\s*(\d+)\s*$/.exec(text);
  if (match === null) {
    throw new SyntaxError(
      `Cannot read ${describeFound(text)}: a sum has two numbers and a "+" between them, as 12+34`,
    );
  }
  return [match[1]!, match[2]!];
}

/**
 * Gives the unordered pair of a sum's numbers a name: `1+23` and `23+1` have the same one. As `groupOf` of
 * {@linkcode SplitOptions} it keeps both on the same side of a split.
 *
 * @throws {TypeError} if the question is not a string
 * @throws {SyntaxError} if it is not a sum
 * @example
 * ```ts
 * import { additionGroup } from "@carry/seq2seq/addition";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(additionGroup("1+23"), additionGroup("23+1"));
 * ```
 */
export function additionGroup(question: string): string {
  return parseAddition(question).map(Number).sort((a, b) => a - b).join("+");
}

/**
 * Gives the options of `splitDataset` with which additions are practised. The swapped form of a sum has its two numbers
 * swapped. Sums of two one-digit numbers have weight 20 and are never held back. Sums of a one-digit and a two-digit number
 * have weight 4, all others weight 1. Its functions throw a SyntaxError if an example is not a sum.
 *
 * @example
 * ```ts
 * import { createDataset, splitDataset } from "@carry/seq2seq";
 * import { generateAddition, layOutAddition, practiseAddition } from "@carry/seq2seq/addition";
 * import { assertEquals } from "@std/assert";
 *
 * const options = { digits: 2, examples: 2000 };
 * const dataset = createDataset(generateAddition(options), layOutAddition(options, true));
 * const split = splitDataset(dataset, { seed: 1, ...practiseAddition() });
 * assertEquals(split.withSwapped?.count, 2 * split.training.count);
 * ```
 */
export function practiseAddition(): Required<Pick<Practice, "swapOf" | "weightOf" | "keep">> {
  const { swapOf, weightOf, keep } = practiseArithmetic({ operators: "+", digits: 9 });
  return { swapOf: swapOf!, weightOf: weightOf!, keep: keep! }; // sums have all of them
}
