/** What makes one addition harder than another. @module */
import { parseAddition } from "./addition.ts";

/**
 * Counts the carries of an addition, as on paper: `999+1` has three.
 *
 * @throws {SyntaxError} if the text is no sum
 */
export function countCarries(question: string): number {
  const [a, b] = parseAddition(question).map((operand) => Array.from(operand, Number).reverse());
  let carries = 0;
  let carry = 0;
  for (let i = 0; i < Math.max(a!.length, b!.length); i++) {
    carry = (a![i] ?? 0) + (b![i] ?? 0) + carry > 9 ? 1 : 0;
    carries += carry;
  }
  return carries;
}

/**
 * Names the lengths of an addition's two numbers: of `535+61` `3+2`.
 *
 * @throws {SyntaxError} if the text is no sum
 */
export function operandLengths(question: string): string {
  return parseAddition(question).map((operand) => operand.length).join("+");
}
