/** Words for problems of arithmetic. @module */
import { writeExpression } from "./expression.ts";
import type { SpaceOptions } from "./space.ts";

/** The numbers of a calculation, as far as words say something of them. */
type Numbers = Pick<SpaceOptions, "digits" | "terms" | "base">;

const COUNTS = ["two", "three", "four", "five"];

/** Describes the number of digits of a problem's numbers: `1 digit`, `up to 3 digits`, `up to 8 digits in base 2`. */
export function describeDigits({ digits, base }: Omit<Numbers, "terms">): string {
  const inBase = base === 10 ? "" : ` in base ${base}`;
  return (digits === 1 ? "1 digit" : `up to ${digits} digits`) + inBase;
}

/** Describes the numbers of a question: `two numbers of up to 3 digits`. */
export function describeNumbers(numbers: Numbers): string {
  return `${COUNTS[numbers.terms - 2]} numbers of ${describeDigits(numbers)}`;
}

/** Gives a question as an example: `12+34`. It has no zeros. */
export function writeSample({ digits, terms, base, operators }: SpaceOptions): string {
  let next = 0;
  const drawDigit = (): number => 1 + next++ % (base - 1);
  const operands = Array.from(
    { length: terms },
    () => Array.from({ length: Math.min(digits, 2) }, drawDigit).reduce((a, b) => a * base + b),
  );
  const between = operators.repeat(terms).slice(-operators.length).padEnd(terms - 1, operators);
  return writeExpression({ operands, operators: between.slice(0, terms - 1) }, base);
}
