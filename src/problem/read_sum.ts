/** A sum that somebody typed, for a model that was trained for so many digits. @module */
import { additionLayout, type AdditionProblem, parseAddition } from "./addition.ts";

/**
 * Checks a sum and takes the spaces out of it.
 *
 * @throws {SyntaxError} if it is no sum of two numbers
 * @throws {RangeError} if a number has more digits than the problem
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readSum } from "./read_sum.ts";
 *
 * assertEquals(readSum(" 12 + 34 ", { digits: 2, reverse: true }), "12+34");
 * ```
 */
export function readSum(
  text: string,
  problem: Pick<AdditionProblem, "digits" | "reverse">,
): string {
  const operands = parseAddition(text);
  const { length } = additionLayout(problem);
  const tooLong = operands.find((operand) => operand.length > problem.digits);
  if (tooLong === undefined) return operands.join("+");
  throw new RangeError(
    `Cannot answer "${text.trim()}": this model adds numbers of up to ${problem.digits} digits (${length} characters in all), but ${tooLong} has ${tooLong.length}`,
  );
}
