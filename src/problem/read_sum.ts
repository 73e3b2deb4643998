/** Reads a sum that a person typed, for a model of a given number of digits. @module */
import { describeFound } from "../arguments/rule.ts";
import { type AdditionProblem, describeDigits, parseAddition } from "./addition.ts";

/**
 * Checks a sum and removes its spaces.
 *
 * @throws {SyntaxError} if it is not a sum of two numbers
 * @throws {RangeError} if a number has more digits than the problem
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readSum } from "./read_sum.ts";
 *
 * assertEquals(readSum(" 12 + 34 ", { digits: 2 }), "12+34");
 * ```
 */
export function readSum(
  text: string,
  problem: Pick<AdditionProblem, "digits">,
): string {
  const operands = parseAddition(text);
  const tooLong = operands.find((operand) => operand.length > problem.digits);
  if (tooLong === undefined) return operands.join("+");
  throw new RangeError(
    `Cannot answer ${describeFound(text.trim())}: this model adds numbers of ${
      describeDigits(problem.digits)
    }, but ${tooLong} has ${tooLong.length}`,
  );
}
