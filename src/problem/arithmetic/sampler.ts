/**
 * Draws calculations without repetition. Their distribution is that of rejection sampling, which draws and discards repeats. When
 * most draws are repeats, the remaining calculations are listed and drawn from directly, so that drawing always ends.
 *
 * @module
 */
import type { Prng } from "../../random/prng.ts";
import { drawOperands, drawSection, type Sampler } from "./draw.ts";
import type { Expression } from "./expression.ts";
import { listRemaining } from "./remaining.ts";
import { createBitSet, createHashSet } from "./seen.ts";
import type { Section, Space } from "./space.ts";

/** Number of repeats in a row after which the remaining calculations are listed. */
const PATIENCE = 100;
/** Up to so many calculations can be listed, in 4 bytes each. There are 50,005,000 pairs of 4 digits. */
const MOST_LISTED = 2n ** 26n;
/** Most calculations that are drawn if they cannot be listed: a hash set of so many takes 256 MiB. */
const MOST_DRAWN = 2 ** 24;

/** Gives the largest number of different calculations that can be drawn. */
export function countDrawable({ size }: Pick<Space, "size">): number {
  return size <= MOST_LISTED ? Number(size) : MOST_DRAWN;
}

/**
 * Makes a function that draws a calculation that it did not draw before.
 *
 * @param how with the number of calculations that will be drawn, at most {@linkcode countDrawable}
 */
export function createSampler(
  space: Space,
  how: { readonly sampler: Sampler; readonly count: number; readonly prng: Prng },
): () => Expression {
  const { sampler, prng, count } = how;
  const draw = (): { section: Section; operands: number[] } => {
    const section = drawSection(space, sampler, prng);
    return { section, operands: drawOperands(space, { section, sampler, prng }) };
  };
  if (space.size > MOST_LISTED) {
    const seen = createHashSet(count);
    return () => {
      for (;;) { // at least three quarters of the calculations are new
        const { section, operands } = draw();
        if (seen.add(section, inOrder(section, operands))) {
          return { operands, operators: section.operators };
        }
      }
    };
  }
  const seen = createBitSet(space);
  let drawRemaining: (() => Expression) | undefined;
  return () => {
    for (let repeats = 0; drawRemaining === undefined && repeats < PATIENCE; repeats++) {
      const { section, operands } = draw();
      if (seen.add(section, inOrder(section, operands))) {
        return { operands, operators: section.operators };
      }
    }
    drawRemaining ??= listRemaining(space, { seen, sampler, prng });
    return drawRemaining();
  };
}

/** Gives the operands in ascending order if their order makes no difference. */
function inOrder({ isUnordered }: Section, operands: readonly number[]): readonly number[] {
  const isInOrder = operands.every((operand, i) => i === 0 || operands[i - 1]! <= operand);
  return !isUnordered || isInOrder ? operands : operands.toSorted((a, b) => a - b);
}
