/** Features of an addition that make it easy or hard. @module */
import { parseAddition } from "./addition.ts";

/**
 * Counts the carries of an addition, as on paper: `999+1` has three.
 *
 * @throws {SyntaxError} if the text is not an addition
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

/** Gives the digit at a place counted from the right, from 1; 0 beyond the last digit. */
function digitFromRight(number: string, place: number): number {
  return place > number.length ? 0 : number.charCodeAt(number.length - place) - 48;
}

/**
 * Gives the lengths of an addition's two numbers: `3+2` for `535+61`.
 *
 * @throws {SyntaxError} if the text is not an addition
 */
export function operandLengths(question: string): string {
  return parseAddition(question).map((operand) => operand.length).join("+");
}
