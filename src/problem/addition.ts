/**
 * Addition as text: `"535+61"` → `"596"`. The problem of Keras' addition_rnn notebook.
 *
 * @module
 */
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import {
  choice,
  describeFound,
  integer,
  objectRule,
  optional,
  SEED,
  TEXT,
} from "../arguments/rule.ts";
import { forkPrng } from "../random/prng.ts";
import { characterLayout, type Layout } from "../codec/layout.ts";
import type { Example } from "./example.ts";
import type { ProblemSettings } from "./problem.ts";
import { createPairSampler, type PairSampler } from "./pair_sampler.ts";

/** The characters of the addition problem, in the order of their indices. */
export const ADDITION_CHARACTERS = " +0123456789";

/**
 * How operands are drawn.
 *
 * - `notebook`: the number of digits uniform in 1..digits, each digit uniform, then read as an integer.
 * - `uniform`: every unordered pair of operands equally likely.
 */
export type Sampler = "notebook" | "uniform";

/** The options of an addition problem. */
export interface AdditionOptions {
  /** Its name in the registry. */
  readonly name?: "addition";
  /** Most digits of an operand, 1 to 9. Default 3. */
  readonly digits?: number;
  /** Number of questions, from 1. Default 50,000, or the number of pairs if it is smaller. */
  readonly examples?: number;
  /** How operands are drawn. Default `notebook`. */
  readonly sampler?: Sampler;
  /** Seed. The same seed gives the same questions in the same order. Default 0. */
  readonly seed?: number;
}

/** An addition problem: {@linkcode AdditionOptions} with every value given and checked. */
export type AdditionProblem = Required<AdditionOptions> & ProblemSettings;

/** The number of questions of the notebook. */
const DEFAULT_EXAMPLES = 50_000;
/** Drawn pairs are stored as uint32 operands: 9 digits fit, 10 do not. */
const MAX_DIGITS = 9;
/** A hash set of so many pairs takes 256 MiB. Up to 4 digits a bit set of 6 MB is used instead. */
const MAX_EXAMPLES_IN_A_SET = 2 ** 24;

const ACTION = "make additions";
const DIGITS = integer(1, MAX_DIGITS);
const RULES: Rules<AdditionOptions> = {
  name: choice(["addition"]),
  digits: DIGITS,
  examples: optional(integer(1)),
  sampler: choice(["notebook", "uniform"]),
  seed: SEED,
};
/** The notebook's values. The default number of examples depends on the digits. */
const DEFAULTS = { name: "addition", digits: 3, sampler: "notebook", seed: 0 } as const;

/**
 * Fills in the defaults of an addition problem and checks it.
 *
 * @throws {TypeError} if an option is unknown or has a wrong type
 * @throws {RangeError} if a value is out of its range, or more examples are asked for than there are pairs
 */
export function resolveAddition(options: AdditionOptions = {}): AdditionProblem {
  const given = resolveOptions(options, { action: ACTION, rules: RULES, defaults: DEFAULTS });
  const { digits, sampler, seed } = given;
  const pairs = countAdditions(digits);
  const { examples = Math.min(DEFAULT_EXAMPLES, pairs) } = given;
  if (examples > pairs) {
    throw new RangeError(
      `Cannot make ${examples} unique additions: with operands of ${
        describeDigits(digits)
      } there are only ${pairs} unordered pairs`,
    );
  }
  if (digits > 4 && examples > MAX_EXAMPLES_IN_A_SET) {
    throw new RangeError(
      `Cannot make ${examples} unique additions: with more than 4 digits there can be at most ${MAX_EXAMPLES_IN_A_SET}`,
    );
  }
  return { name: "addition", digits, examples, sampler, seed };
}

/**
 * Checks a problem that has every value, as {@linkcode resolveAddition} gives it.
 *
 * @throws {TypeError} if a value is missing or has a wrong type
 * @throws {RangeError} if a value is out of its range
 */
export function checkAddition(problem: AdditionProblem): AdditionProblem {
  checkValue(ACTION, "the problem", problem, objectRule());
  const missing = Object.keys(RULES).find((name) =>
    problem[name as keyof AdditionProblem] === undefined
  );
  if (missing === undefined) return resolveAddition(problem);
  throw new TypeError(
    `Cannot make additions: the problem must have every value, as resolveAddition() gives, but ${missing} is missing`,
  );
}

/** Describes the number of digits of a problem's operands: `1 digit`, `up to 3 digits`. */
export function describeDigits(digits: number): string {
  return digits === 1 ? "1 digit" : `up to ${digits} digits`;
}

/**
 * Counts the unordered pairs of operands: n(n+1)/2 for n = 10^digits.
 *
 * @throws {TypeError | RangeError} if `digits` is not an integer from 1 to 9
 */
export function countAdditions(digits: number): number {
  checkValue("count additions", "digits", digits, DIGITS);
  const operands = 10 ** digits;
  return (operands * (operands + 1)) / 2;
}

/**
 * Gives the layout of an addition problem: questions of 2·digits + 1 characters, answers of digits + 1, of the notebook's table.
 *
 * @param reverse whether sources are reversed
 * @throws {TypeError | RangeError} if `digits` is not an integer from 1 to 9
 */
export function layOutAddition(
  { digits }: Pick<AdditionProblem, "digits">,
  reverse: boolean,
): Layout {
  checkValue("lay out additions", "digits", digits, DIGITS);
  return characterLayout(ADDITION_CHARACTERS, {
    ...{ inputLength: 2 * digits + 1, outputLength: digits + 1, reverse },
  });
}

/**
 * Generates unique additions, one by one as they are taken.
 *
 * No unordered pair of operands occurs twice: after `1+23` there is no `23+1`. All pairs can be generated.
 * Source of the `notebook` sampler: keras-team/keras `examples/addition_rnn.py`.
 *
 * @throws {TypeError | RangeError} at the call, if an option is not possible; see {@linkcode resolveAddition}
 * @example
 * ```ts
 * import { generateAddition } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [...generateAddition({ digits: 1, examples: 55 })];
 * assertEquals(examples.length, 55);
 * assertEquals(examples.every(({ question }) => question.length === 3), true);
 * ```
 */
export function generateAddition(options: AdditionOptions = {}): Generator<Example, void> {
  const problem = resolveAddition(options);
  const prng = forkPrng(problem.seed, `addition/${problem.sampler}`);
  return emitExamples(problem, createPairSampler(problem, prng));
}

/**
 * Reads the two operands of an addition. Spaces around them are ignored.
 *
 * @returns the digits of both operands, as strings
 * @throws {TypeError} if the text is not a string
 * @throws {SyntaxError} if it is not an addition
 * @example
 * ```ts
 * import { parseAddition } from "@carry/seq2seq";
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
 * Gives a sum's unordered pair of operands a name: `1+23` and `23+1` have the same one. As `groupOf` of
 * {@linkcode SplitOptions} it keeps both on the same side of a split.
 *
 * @throws {TypeError} if the question is not a string
 * @throws {SyntaxError} if it is not an addition
 * @example
 * ```ts
 * import { additionGroup } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(additionGroup("1+23"), additionGroup("23+1"));
 * ```
 */
export function additionGroup(question: string): string {
  return parseAddition(question).map(Number).sort((a, b) => a - b).join("+");
}

function* emitExamples(problem: AdditionProblem, sampler: PairSampler): Generator<Example, void> {
  for (let made = 0; made < problem.examples; made++) {
    const [a, b] = sampler.next();
    yield { question: `${a}+${b}`, answer: String(a + b) };
  }
}
