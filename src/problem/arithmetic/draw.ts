/** Draws the operands of calculations. @module */
import type { Prng } from "../../random/prng.ts";
import type { Section, Space } from "./space.ts";

/**
 * How numbers are drawn.
 *
 * - `notebook`: the number of digits uniform in 1..digits, each digit uniform, then read as an integer.
 * - `uniform`: every calculation equally likely.
 */
export type Sampler = "notebook" | "uniform";

/** The names of the samplers. */
export const SAMPLERS: readonly Sampler[] = ["notebook", "uniform"];

/** Draws the section of a calculation: every operator is equally likely, or every calculation. */
export function drawSection({ sections }: Space, sampler: Sampler, prng: Prng): Section {
  if (sections.length === 1) return sections[0]!;
  if (sampler === "notebook") return sections[prng.nextInt(sections.length)]!;
  const { first, size } = sections.at(-1)!;
  const point = prng.nextFloat() * (first + size);
  return sections.findLast((section) => section.first <= point)!;
}

/** Draws operands in the order in which they are asked. */
export function drawOperands(
  space: Space,
  { section, sampler, prng }: {
    readonly section: Section;
    readonly sampler: Sampler;
    readonly prng: Prng;
  },
): number[] {
  const operands = new Array<number>(space.terms);
  for (;;) {
    for (let i = 0; i < operands.length; i++) {
      operands[i] = sampler === "notebook" ? drawNotebook(space, prng) : prng.nextInt(space.values);
    }
    if (sampler === "notebook" || !section.isUnordered) return operands;
    // Of the orders of the same operands, one is accepted, so that every multiset is equally likely.
    const orders = countOrders(operands);
    if (orders === 1 || prng.nextInt(orders) === 0) return operands;
  }
}

function drawNotebook({ digits, base }: Space, prng: Prng): number {
  const length = 1 + prng.nextInt(digits);
  let value = 0;
  for (let i = 0; i < length; i++) value = value * base + prng.nextInt(base);
  return value;
}

/** Counts the different orders of operands: k! / Π (times that each of them occurs)!. */
export function countOrders(operands: readonly number[]): number {
  let orders = 1;
  for (let i = 0; i < operands.length; i++) {
    let equal = 1; // operands up to this one that are equal to it
    for (let j = 0; j < i; j++) if (operands[j] === operands[i]) equal++;
    orders = orders * (i + 1) / equal;
  }
  return orders;
}

/** Brings operands into a random order, every one equally likely (Fisher & Yates 1938). */
export function shuffleOperands(operands: number[], prng: Prng): void {
  for (let i = operands.length - 1; i > 0; i--) {
    const j = prng.nextInt(i + 1);
    [operands[i], operands[j]] = [operands[j]!, operands[i]!];
  }
}
