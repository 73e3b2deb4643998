/**
 * Addition as text: `"535+61"` → `"596"`. The problem of Keras' addition_rnn notebook.
 *
 * @module
 */
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import {
  BOOLEAN,
  choice,
  describeFound,
  integer,
  objectRule,
  optional,
  SEED,
  TEXT,
} from "../arguments/rule.ts";
import { forkPrng } from "../random/prng.ts";
import type { Example } from "./example.ts";
import { createPairSampler, type PairSampler } from "./pair_sampler.ts";
import { layOutQuestion, type QuestionLayout, readQuestion } from "./question.ts";

/** The characters of the addition problem, in the order of their indices. */
export const ADDITION_CHARACTERS = " +0123456789";

/**
 * How operands are drawn.
 *
 * - `notebook`: the number of digits uniform in 1..digits, each digit uniform, then read as an integer.
 * - `uniform`: every unordered pair of operands equally likely.
 */
export type Sampler = "notebook" | "uniform";

/** Which additions to learn. */
export interface AdditionOptions {
  /** Most digits of an operand, 1 to 9. Default 3. */
  readonly digits?: number;
  /** How many questions. Default 50,000, or every pair there is where there are fewer. */
  readonly examples?: number;
  /** Whether questions are reversed. Default true. */
  readonly reverse?: boolean;
  /** How operands are drawn. Default `notebook`. */
  readonly sampler?: Sampler;
  /** Same seed, same questions in the same order. Default 0. */
  readonly seed?: number;
}

/** {@linkcode AdditionOptions} with every value there and checked. */
export type AdditionProblem = Required<AdditionOptions>;

/** The number of questions of the notebook. */
const DEFAULT_EXAMPLES = 50_000;
/** More digits would give operands whose sum is exact, but pairs that no memory holds. */
const MAX_DIGITS = 9;
/** To keep so many pairs apart takes 512 MB; up to 4 digits a bit set of 6 MB is used instead. */
const MAX_EXAMPLES_IN_A_SET = 2 ** 24;

const ACTION = "make additions";
const DIGITS = integer(1, MAX_DIGITS);
const RULES: Rules<AdditionOptions> = {
  digits: DIGITS,
  examples: optional(integer(1)),
  reverse: BOOLEAN,
  sampler: choice(["notebook", "uniform"]),
  seed: SEED,
};
/** Those of the notebook; how many examples there are depends on the digits. */
const DEFAULTS = { digits: 3, reverse: true, sampler: "notebook", seed: 0 } as const;

/**
 * Fills in the defaults of an addition problem and checks it.
 *
 * @throws {TypeError} if an option is not known or has a wrong type
 * @throws {RangeError} if a value is out of its range, or there are fewer pairs than examples asked for
 */
export function resolveAddition(options: AdditionOptions = {}): AdditionProblem {
  const given = resolveOptions(options, { action: ACTION, rules: RULES, defaults: DEFAULTS });
  const { digits, reverse, sampler, seed } = given;
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
      `Cannot make ${examples} unique additions: with more than 4 digits at most ${MAX_EXAMPLES_IN_A_SET} can be kept apart`,
    );
  }
  return { digits, examples, reverse, sampler, seed };
}

/**
 * Checks a problem that has every value, as {@linkcode resolveAddition} gives it.
 *
 * @throws {TypeError | RangeError} if a value is missing or not possible
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

/** Says how many digits the numbers of a problem have: `1 digit`, `up to 3 digits`. */
export function describeDigits(digits: number): string {
  return digits === 1 ? "1 digit" : `up to ${digits} digits`;
}

/** Counts the unordered pairs of operands: n(n+1)/2 for n = 10^digits. */
export function countAdditions(digits: number): number {
  checkValue("count additions", "digits", digits, DIGITS);
  const operands = 10 ** digits;
  return (operands * (operands + 1)) / 2;
}

/** Says how the questions of an addition problem are laid out: 2·digits + 1 characters. */
export function additionLayout(
  problem: Pick<AdditionProblem, "digits" | "reverse">,
): QuestionLayout {
  checkProblem(problem);
  checkValue("lay out additions", "reverse", problem.reverse, BOOLEAN);
  return { length: 2 * problem.digits + 1, reverse: problem.reverse };
}

/** Counts the characters of an answer: digits + 1. */
export function additionAnswerLength(problem: Pick<AdditionProblem, "digits">): number {
  checkProblem(problem);
  return problem.digits + 1;
}

/**
 * Generates unique additions, lazily: take them one by one, and count them to show progress.
 *
 * No unordered pair of operands comes twice: where `1+23` was given, `23+1` is not. Every pair can be asked for.
 * Source of the `notebook` sampler: keras-team/keras `examples/addition_rnn.py`.
 *
 * @throws {TypeError | RangeError} at the call, if an option is not possible, as {@linkcode resolveAddition}
 * @example
 * ```ts
 * import { generateAddition } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [...generateAddition({ digits: 1, examples: 55 })];
 * assertEquals(examples.length, 55);
 * assertEquals(examples[0]!.source.length, 3);
 * ```
 */
export function generateAddition(options: AdditionOptions = {}): Generator<Example, void> {
  const problem = resolveAddition(options);
  const prng = forkPrng(problem.seed, `addition/${problem.sampler}`);
  return emitExamples(problem, createPairSampler(problem, prng));
}

/**
 * Reads the operands of an addition, as texts; spaces do not matter.
 *
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
 * Names the unordered pair of a source, so that a question and its mirror image can be kept on one side of a split.
 *
 * @throws {SyntaxError} if the source is not an addition
 * @example
 * ```ts
 * import { additionGroup } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(additionGroup("1+23 ", { reverse: false }), additionGroup(" 1+32", { reverse: true }));
 * ```
 */
export function additionGroup(source: string, layout: Pick<QuestionLayout, "reverse">): string {
  return parseAddition(readQuestion(source, layout)).map(Number).sort((a, b) => a - b).join("+");
}

function checkProblem(problem: unknown): asserts problem is Pick<AdditionProblem, "digits"> {
  checkValue("lay out additions", "the problem", problem, objectRule());
  checkValue("lay out additions", "digits", (problem as AdditionProblem).digits, DIGITS);
}

function* emitExamples(problem: AdditionProblem, sampler: PairSampler): Generator<Example, void> {
  const layout = additionLayout(problem);
  const answerLength = additionAnswerLength(problem);
  for (let made = 0; made < problem.examples; made++) {
    const [a, b] = sampler.next();
    yield {
      source: layOutQuestion(`${a}+${b}`, layout),
      target: String(a + b).padEnd(answerLength),
    };
  }
}
