/** Calculations that a model must not get wrong, in the manner of AdderBoard: zeros, largest numbers, long carries. @module */
import { type Expression, writeExpression } from "./expression.ts";
import { combineOperators, type Space } from "./space.ts";

/** Two numbers of a calculation. */
export type OperandPair = readonly [number, number];

/** Most calculations of the suite with different operators: one for each pair is enough. */
const MOST_SEQUENCES = 9;

/** Numbers that edge cases are made of, for numbers of up to 3 digits in base 10. */
export interface EdgeNumbers {
  /** The largest number: 999. */
  readonly max: number;
  /** The smallest number of full length: 100. */
  readonly top: number;
  /** The largest number that is shorter: 99. */
  readonly lower: number;
  /** Half of the base at the first place: 500. */
  readonly half: number;
  /** Ones only: 111. */
  readonly ones: number;
  /** Halves of the base only: 555. */
  readonly halves: number;
}

/** Gives the numbers that edge cases are made of. */
export function edgeNumbers({ base, digits, values }: Space): EdgeNumbers {
  const top = base ** (digits - 1);
  const ones = (values - 1) / (base - 1);
  const half = Math.floor(base / 2);
  return { max: values - 1, top, lower: top - 1, half: half * top, ones, halves: half * ones };
}

/**
 * Lists the calculations of pairs of numbers, none twice. With more than two numbers, the others are zeros, and in a second
 * calculation they are equal to the second number.
 */
export function listEdgeCases(space: Space, pairs: readonly OperandPair[]): readonly Expression[] {
  const { terms, base, values } = space;
  const sequences = combineOperators(space.operators, terms - 1);
  const chosen = sequences.length <= MOST_SEQUENCES
    ? sequences
    : sequences.filter((_, i) => i % Math.ceil(sequences.length / MOST_SEQUENCES) === 0);
  const found = new Map<string, Expression>();
  for (const operators of chosen) {
    for (const [a, b] of pairs) {
      if (Math.max(a, b) >= values) continue;
      for (const rest of [0, b]) {
        const operands = [a, b, ...new Array<number>(terms - 2).fill(rest)];
        const expression = { operands, operators };
        found.set(writeExpression(expression, base), expression);
      }
    }
  }
  return [...found.values()];
}
