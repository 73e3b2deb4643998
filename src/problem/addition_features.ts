/** What makes one addition harder than another. @module */
import { parseAddition } from "./addition.ts";

/**
 * Counts the carries of an addition, as on paper: `999+1` has three.
 *
 * @throws {SyntaxError} if the text is no sum
 */
export function countCarries(question: string): number {
  const [a, b] = parseAddition(question);
  let carries = 0;
  let carry = 0;
  for (let i = 1; i <= Math.max(a.length, b.length); i++) {
    carry = digitFromRight(a, i) + digitFromRight(b, i) + carry > 9 ? 1 : 0;
    carries += carry;
  }
  return carries;
}

/** Gives a number's digit at a place from the right, the first one 1; 0 to the left of all digits. */
function digitFromRight(number: string, place: number): number {
  return place > number.length ? 0 : number.charCodeAt(number.length - place) - 48;
}

/**
 * Names the lengths of an addition's two numbers: of `535+61` `3+2`.
 *
 * @throws {SyntaxError} if the text is no sum
 */
export function operandLengths(question: string): string {
  return parseAddition(question).map((operand) => operand.length).join("+");
}
