/**
 * Draws from the calculations that remain, each with the probability that rejection sampling gives it.
 *
 * Under the notebook's sampler the probability of a number depends on its length alone, so that calculations fall into a few
 * classes of equal probability: a class is drawn by its weight, then a calculation of it uniformly.
 *
 * @module
 */
import type { Prng } from "../../random/prng.ts";
import { countOrders, type Sampler, shuffleOperands } from "./draw.ts";
import type { Expression } from "./expression.ts";
import type { SeenBits } from "./seen.ts";
import { advanceOperands, type Section, type Space, unrankOperands } from "./space.ts";

/** Lists the calculations that are not in the set; gives a function that draws from them, until there is none left. */
export function listRemaining(
  space: Space,
  { seen, sampler, prng }: {
    readonly seen: SeenBits;
    readonly sampler: Sampler;
    readonly prng: Prng;
  },
): () => Expression {
  const classes = classify(space, seen, sampler);
  return () => {
    let total = 0;
    for (const { weight, count } of classes) total += weight * count;
    let point = prng.nextFloat() * total;
    let chosen = classes.find(({ weight, count }) => (point -= weight * count) < 0);
    chosen ??= classes.findLast(({ count }) => count > 0);
    if (chosen === undefined) throw new RangeError("Cannot draw a question: all were drawn");
    const at = prng.nextInt(chosen.count);
    const rank = chosen.ranks[at]!;
    chosen.count--;
    chosen.ranks[at] = chosen.ranks[chosen.count]!;
    const section = space.sections.findLast(({ first }) => first <= rank)!;
    const operands = unrankOperands(rank - section.first, section, space);
    if (section.isUnordered) shuffleOperands(operands.reverse(), prng);
    return { operands, operators: section.operators };
  };
}

interface Class {
  /** Probability of each calculation of the class, up to a common factor. */
  readonly weight: number;
  /** Numbers of the calculations, counted over all sections, uint32. */
  readonly ranks: Uint32Array;
  count: number;
}

function classify(space: Space, seen: SeenBits, sampler: Sampler): readonly Class[] {
  const weightOf = sampler === "uniform" ? (): number => 1 : createNotebookWeight(space);
  const sizes = new Map<number, number>();
  for (const { weight } of visitRemaining(space, seen, weightOf)) {
    sizes.set(weight, (sizes.get(weight) ?? 0) + 1);
  }
  const classes = new Map<number, Class>();
  for (const [weight, size] of sizes) {
    classes.set(weight, { weight, ranks: new Uint32Array(size), count: 0 });
  }
  for (const { weight, rank } of visitRemaining(space, seen, weightOf)) {
    const members = classes.get(weight)!;
    members.ranks[members.count++] = rank;
  }
  return [...classes.values()];
}

type WeightOf = (operands: readonly number[], section: Section) => number;

/** Visits the calculations that are not in the set, in the order of their numbers. It gives the same object each time. */
function* visitRemaining(
  space: Space,
  seen: SeenBits,
  weightOf: WeightOf,
): Generator<{ readonly rank: number; readonly weight: number }, void> {
  const visited = { rank: 0, weight: 0 };
  for (const section of space.sections) {
    const operands = new Array<number>(space.terms).fill(0);
    for (let rank = section.first; rank < section.first + section.size; rank++) {
      if (!seen.has(rank)) {
        visited.rank = rank;
        visited.weight = weightOf(operands, section);
        yield visited;
      }
      advanceOperands(operands, section, space.values);
    }
  }
}

/** Gives the probability of a calculation under the notebook's sampler, up to a factor that is common to all. */
function createNotebookWeight({ digits, base, values }: Space): WeightOf {
  const weights = Float64Array.from({ length: values }, (_, value) => {
    // Σ base^-length over the lengths that can write the value, leading zeros included
    let weight = 0;
    for (let length = value.toString(base).length; length <= digits; length++) {
      weight += base ** -length;
    }
    return weight;
  });
  return (operands, { isUnordered }) => {
    let weight = isUnordered ? countOrders(operands) : 1;
    for (const operand of operands) weight *= weights[operand]!;
    return weight;
  };
}
