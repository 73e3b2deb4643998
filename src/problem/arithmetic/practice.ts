/** How calculations are practised: with swapped numbers, and short ones more often than others. @module */
import type { Example } from "../example.ts";
import type { Practice } from "../problem.ts";
import { divideExpression } from "./expression.ts";

/**
 * Weights by the digits of all numbers together, beyond one for each: 0 for 1+1 digits, 1 for 1+2. All others have weight 1.
 */
const WEIGHTS: Readonly<Record<number, number>> = { 0: 20, 1: 4 };

/**
 * Gives how calculations are practised.
 *
 * The swapped form of a calculation has its numbers in reverse order, if all its operators are `+` or all are `*`; otherwise it is
 * the calculation itself. Calculations with numbers of one digit have weight 20 and are never held back. Those with one number of
 * two digits besides have weight 4, all others weight 1.
 *
 * Of 500,500 sums of up to 3 digits only 55 and 900 are that short. Long sums do not teach how answers of short sums are
 * padded, so that without weights a model answers some of the short ones wrong.
 */
export function practiseArithmetic(
  { operators, digits }: { readonly operators: string; readonly digits: number },
): Practice {
  return {
    ...(/[+*]/.test(operators) && {
      ...{ swapOf: swapNumbers, swapWords: "numbers swapped at random" },
    }),
    ...(digits > 1 && { weightWords: "short calculations more often" }),
    weightOf: (example) => WEIGHTS[countFurtherDigits(example)] ?? 1,
    keep: (example) => countFurtherDigits(example) === 0,
  };
}

/**
 * Names a calculation, alike for all orders of its numbers that make no difference: `1+23` and `23+1` have the same name.
 *
 * @throws {SyntaxError} if the question is not a calculation
 */
export function nameUnordered({ question }: Example): string {
  const [, a, b] = /^([0-9a-f]+)\+([0-9a-f]+)$/.exec(question) ?? []; // a seventh of the time of the general way
  if (a !== undefined && b !== undefined) {
    return compareNumbers(a, b) <= 0 ? question : `${b}+${a}`;
  }
  const { numbers, operators } = divideExpression(question);
  if (!/^(?:\++|\*+)$/.test(operators)) return question;
  return numbers.toSorted(compareNumbers).join(operators[0]);
}

/** Compares two numbers as they are written, in the same base. */
function compareNumbers(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

function swapNumbers(example: Example): Example {
  const { numbers, operators } = divideExpression(example.question);
  if (!/^(?:\++|\*+)$/.test(operators)) return example;
  return { ...example, question: numbers.toReversed().join(operators[0]) };
}

/** Counts the digits of all numbers beyond one for each. */
function countFurtherDigits({ question }: Example): number {
  return divideExpression(question).numbers.reduce((sum, { length }) => sum + length - 1, 0);
}
