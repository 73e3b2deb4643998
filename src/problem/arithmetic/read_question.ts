/** Reads a calculation that a person typed. @module */
import { checkValue } from "../../arguments/resolve_options.ts";
import { describeFound, TEXT } from "../../arguments/rule.ts";
import type { AskedQuestion } from "../problem.ts";
import { divideExpression } from "./expression.ts";
import type { SpaceOptions } from "./space.ts";
import { describeDigits } from "./words.ts";

/** Characters that people type for the operators. */
const TYPED_OPERATORS: Readonly<Record<string, string>> = {
  "−": "-",
  "–": "-",
  "×": "*",
  "·": "*",
  "⋅": "*",
  "∗": "*",
  "x": "*",
  "X": "*",
};

/**
 * Checks a calculation and removes spaces and leading zeros.
 *
 * @param what what a question is, in words
 * @throws {SyntaxError} if it is not a calculation of the problem's form
 * @throws {RangeError} if a number has too many digits
 */
export function readArithmeticQuestion(
  text: string,
  problem: SpaceOptions & { readonly what: string },
): AskedQuestion {
  checkValue("read a question", "the text", text, TEXT);
  const { digits, base, what } = problem;
  const typed = text.trim();
  const usual = typed.replace(/[−–×·⋅∗xX]/g, (character) => TYPED_OPERATORS[character]!)
    .toLowerCase();
  if (!patternOf(problem).test(usual)) {
    throw new SyntaxError(`Cannot read ${describeFound(typed)}: a question must be ${what}`);
  }
  const compact = usual.replace(/\s+/g, "");
  const { numbers, operators } = divideExpression(compact);
  const shortest = numbers.map((number) => number.replace(/^0+(?=.)/, ""));
  const tooLong = shortest.find(({ length }) => length > digits);
  if (tooLong !== undefined) {
    throw new RangeError(
      `Cannot answer ${describeFound(typed)}: a number must have ${
        describeDigits({ digits, base })
      }, but ${describeFound(tooLong)} has ${tooLong.length}`,
    );
  }
  const question = shortest.reduce((before, number, i) => before + operators[i - 1]! + number);
  if (question === typed.replace(/\s+/g, "")) return { question };
  return { question, note: `Read ${describeFound(typed)} as ${describeFound(question)}` };
}

/** Gives the pattern of questions, with spaces between numbers and operators. */
function patternOf({ base, operators, terms }: SpaceOptions): RegExp {
  const digit = base <= 10 ? `[0-${base - 1}]` : `[0-9a-${(base - 1).toString(base)}]`;
  return new RegExp(
    `^${digit}+(?:\\s*[${operators.replace("-", "\\-")}]\\s*${digit}+){${terms - 1}}$`,
  );
}
