/** Sums as people type them. @module */
import { additionLayout, type AdditionProblem, parseAddition } from "./addition.ts";

/**
 * Checks that a text is a sum which a model of some problem can be asked, and takes the spaces out of it.
 *
 * @throws {SyntaxError} if it is no sum
 * @throws {RangeError} if a number has too many digits
 */
export function readSum(
  text: string,
  problem: Pick<AdditionProblem, "digits" | "reverse">,
): string {
  const operands = parseAddition(text);
  const { length } = additionLayout(problem);
  const tooLong = operands.find((operand) => operand.length > problem.digits);
  if (tooLong !== undefined) {
    throw new RangeError(
      `Cannot answer "${text.trim()}": this model adds numbers of up to ${problem.digits} digits (${length} characters in all), but ${tooLong} has ${tooLong.length}`,
    );
  }
  return operands.join("+");
}
