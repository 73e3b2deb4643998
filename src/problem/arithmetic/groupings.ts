/** Groups of calculations, some easier than others. @module */
import type { Grouping } from "../problem.ts";
import { divideExpression, readExpression } from "./expression.ts";
import type { Space } from "./space.ts";

/** Groups by the number of carries of a sum, as on paper: `999+1` has three. */
export function groupByCarries({ base }: Pick<Space, "base">): Grouping {
  return {
    name: "carries",
    title: "Number of carries",
    keyOf: ({ question }) => String(countCarries(question, base)),
  };
}

/** Groups by the number of borrows of a difference, as on paper: `1000-1` has three. */
export function groupByBorrows({ base }: Pick<Space, "base">): Grouping {
  return {
    name: "borrows",
    title: "Number of borrows",
    keyOf: ({ question }) => String(countBorrows(question, base)),
  };
}

/** Groups by the sign of the answer. */
export const GROUP_BY_SIGN: Grouping = {
  name: "sign",
  title: "Sign of the answer",
  keyOf: ({ answer }) => answer.startsWith("-") ? "negative" : answer === "0" ? "zero" : "positive",
};

/** Groups by the operators: `+`, or `+-` for `1+2-3`. */
export const GROUP_BY_OPERATORS: Grouping = {
  name: "operators",
  title: "Operator",
  keyOf: ({ question }) => divideExpression(question).operators,
};

/** Groups by the lengths of two numbers, `3+2` for `535+61`; by the digits of all together if there are more numbers. */
export function groupByLengths({ terms }: Pick<Space, "terms">): Grouping {
  if (terms > 2) {
    return {
      name: "lengths",
      title: "Digits of all numbers together",
      keyOf: ({ question }) => String(divideExpression(question).numbers.join("").length),
    };
  }
  return {
    name: "lengths",
    title: "Digits of both numbers",
    grid: { rows: "Digits of the first number", columns: "Digits of the second number" },
    keyOf: ({ question }) =>
      divideExpression(question).numbers.map(({ length }) => length).join("+"),
  };
}

/**
 * Counts the carries of a sum, as on paper: the places from which something is carried to the next one.
 *
 * @throws {SyntaxError} if the question is not a calculation
 */
export function countCarries(question: string, base = 10): number {
  const { numbers } = divideExpression(question);
  const places = Math.max(...numbers.map(({ length }) => length));
  let carries = 0;
  let carry = 0;
  for (let place = 1; place <= places || carry > 0; place++) {
    for (const number of numbers) carry += digitFromRight(number, place);
    carry = Math.floor(carry / base);
    if (carry > 0) carries++;
  }
  return carries;
}

/** Counts the borrows of a difference, as on paper: the smaller number is subtracted from the larger one. */
function countBorrows(question: string, base: number): number {
  const [first, ...others] = readExpression(question, base).operands;
  const subtracted = others.reduce((a, b) => a + b, 0);
  let [larger, smaller] = [Math.max(first!, subtracted), Math.min(first!, subtracted)];
  let borrows = 0;
  let borrow = 0;
  for (; larger > 0; larger = Math.floor(larger / base), smaller = Math.floor(smaller / base)) {
    borrow = larger % base < smaller % base + borrow ? 1 : 0;
    borrows += borrow;
  }
  return borrows;
}

/** Gives the digit at a place counted from the right, from 1; 0 beyond the last digit. */
function digitFromRight(number: string, place: number): number {
  if (place > number.length) return 0;
  const code = number.charCodeAt(number.length - place);
  return code < 97 ? code - 48 : code - 87; // "0" is 48, "a" is 97
}
