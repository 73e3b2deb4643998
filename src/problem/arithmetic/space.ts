/**
 * All calculations that a problem can ask, counted and numbered.
 *
 * Calculations that differ only in the order of their numbers count as one if all their operators are `+`, or all are `*`: after
 * `1+23` there is no `23+1`. Calculations with the same operators form a section.
 *
 * @module
 */

/** What calculations there are. */
export interface SpaceOptions {
  /** Most digits of a number. */
  readonly digits: number;
  /** Number of numbers in a calculation. */
  readonly terms: number;
  /** Base in which numbers are written. */
  readonly base: number;
  /** The operators, each once. */
  readonly operators: string;
}

/** All calculations of a problem. */
export interface Space extends SpaceOptions {
  /** Number of values of an operand: base^digits. */
  readonly values: number;
  /** Its sections. */
  readonly sections: readonly Section[];
  /** Number of calculations. */
  readonly size: bigint;
}

/** The calculations with the same operators. */
export interface Section {
  /** The operator behind each number except the last. */
  readonly operators: string;
  /** Whether the order of the numbers makes no difference. */
  readonly isUnordered: boolean;
  /** Number of calculations. It is exact up to 2^53. */
  readonly size: number;
  /** Number of calculations in the sections before it. */
  readonly first: number;
}

/** Describes all calculations of a problem. */
export function createSpace(options: SpaceOptions): Space {
  const { digits, terms, base, operators } = options;
  const values = base ** digits;
  const sections: Section[] = [];
  let size = 0n;
  for (const chosen of combineOperators(operators, terms - 1)) {
    const isUnordered = /^(?:\++|\*+)$/.test(chosen);
    const count = isUnordered ? countMultisets(values, terms) : BigInt(values) ** BigInt(terms);
    sections.push({ operators: chosen, isUnordered, size: Number(count), first: Number(size) });
    size += count;
  }
  return { digits, terms, base, operators, values, sections, size };
}

/** Lists all sequences of operators of a length, in the order of the operators. */
export function combineOperators(operators: string, length: number): readonly string[] {
  let sequences = [""];
  for (let i = 0; i < length; i++) {
    sequences = sequences.flatMap((start) => Array.from(operators, (operator) => start + operator));
  }
  return sequences;
}

/**
 * Gives the number of a calculation within its section, if the section has at most 2^32 calculations.
 *
 * Ordered operands are the digits of a number in base `values`. Unordered ones, a_1 ≤ a_2 ≤ …, have the number
 * Σ C(a_i + i - 1, i) (Lehmer's combinatorial number system), so that pairs are listed as 0+0, 0+1, 1+1, 0+2, 1+2, 2+2, …
 *
 * @param operands in ascending order if the section is unordered
 */
export function rankOperands(
  operands: readonly number[],
  { isUnordered }: Pick<Section, "isUnordered">,
  values: number,
): number {
  let rank = 0;
  for (let i = 0; i < operands.length; i++) {
    rank = isUnordered ? rank + binomial(operands[i]! + i, i + 1) : rank * values + operands[i]!;
  }
  return rank;
}

/** Gives the operands of a calculation by its number within its section; in ascending order if the section is unordered. */
export function unrankOperands(
  rank: number,
  { isUnordered }: Pick<Section, "isUnordered">,
  { values, terms }: Pick<Space, "values" | "terms">,
): number[] {
  const operands = new Array<number>(terms);
  let rest = rank;
  for (let i = terms - 1; i >= 0; i--) {
    if (isUnordered) {
      operands[i] = findLargest(values, (value) => binomial(value + i, i + 1) <= rest);
      rest -= binomial(operands[i]! + i, i + 1);
    } else {
      operands[i] = rest % values;
      rest = Math.floor(rest / values);
    }
  }
  return operands;
}

/** Advances operands to those of the next number of their section. */
export function advanceOperands(
  operands: number[],
  { isUnordered }: Pick<Section, "isUnordered">,
  values: number,
): void {
  if (isUnordered) {
    let i = 0;
    while (i + 1 < operands.length && operands[i] === operands[i + 1]) operands[i++] = 0;
    operands[i]!++;
    return;
  }
  let i = operands.length - 1;
  while (i > 0 && operands[i] === values - 1) operands[i--] = 0;
  operands[i]!++;
}

/** Counts the multisets of `terms` values: C(values + terms - 1, terms). */
function countMultisets(values: number, terms: number): bigint {
  let count = 1n;
  for (let i = 0; i < terms; i++) count = count * BigInt(values + i) / BigInt(i + 1);
  return count;
}

/** Gives C(n, k), exactly while the result times n is below 2^53. */
function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 0; i < k; i++) result = result * (n - i) / (i + 1);
  return result;
}

/** Finds the largest integer from 0 to `end - 1` for which a condition holds that holds up to it. */
function findLargest(end: number, holds: (value: number) => boolean): number {
  let [low, high] = [0, end];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
