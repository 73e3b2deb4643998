/** Counts of right answers by kind of example. @module */

/** A kind of example, and how many of its examples are answered correctly. */
export interface LearnedCell {
  /** Name of the kind. */
  readonly key: string;
  /** Number of examples of the kind. */
  readonly examples: number;
  /** Number of those answered correctly. */
  readonly right: number;
}

/** The key of all examples whose own key came after the most keys that are kept apart. It is listed last. */
export const REST_KEY = "(other)";

/** Sorts cells by their keys: numbers within keys by value, so that `2` comes before `10`; {@linkcode REST_KEY} last. */
export function sortCells<T extends LearnedCell>(cells: readonly T[]): T[] {
  return cells.toSorted((a, b) => compareKeys(a.key, b.key));
}

/** Compares two keys: negative if the first comes first. It depends on no locale. */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  if (a === REST_KEY || b === REST_KEY) return a === REST_KEY ? 1 : -1;
  const [partsA, partsB] = [splitNumbers(a), splitNumbers(b)];
  for (let i = 0; i < Math.min(partsA.length, partsB.length); i++) {
    const order = compareParts(partsA[i]!, partsB[i]!);
    if (order !== 0) return order;
  }
  return partsA.length - partsB.length || (a < b ? -1 : 1); // `01` and `1` are equal by value
}

/** Splits a key into texts without digits, at even places, and numbers, at odd ones. */
function splitNumbers(key: string): string[] {
  return key.split(/([0-9]+)/);
}

function compareParts(a: string, b: string): number {
  if (!/^[0-9]/.test(a) || !/^[0-9]/.test(b)) return a === b ? 0 : a < b ? -1 : 1;
  const [x, y] = [a, b].map((number) => number.replace(/^0+/, "")) as [string, string];
  return x.length - y.length || (x === y ? 0 : x < y ? -1 : 1);
}
