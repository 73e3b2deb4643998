/** Checks that a split has the swapped forms, the weights or the fresh examples that a training needs. @module */
import { checkDataset } from "../dataset/dataset.ts";
import type { OrderOptions } from "../dataset/order.ts";
import type { Split } from "../dataset/split.ts";

/** Most entries of the list that an epoch is drawn from, as a multiple of its examples. `splitDataset` stays below 1.5. */
const MOST_ENTRIES = 2;

/**
 * Checks that a split has what `swap`, `weighted` and `fresh` need, and that its swapped forms and weights are valid.
 *
 * @throws {TypeError} if the split lacks one of them, or has one of a wrong type
 * @throws {RangeError} if one does not fit the training examples
 */
export function checkPractice({ swap, weighted, fresh }: OrderOptions, split: Split): void {
  const { withSwapped, weights, training: { count } } = split;
  if (fresh) {
    if (typeof split.fresh === "function") return;
    throw new TypeError(
      "Cannot train with fresh: the split must have a function `fresh` that makes the examples of an epoch, but has none; leave out fresh, or make the split of a problem that makes its examples itself",
    );
  }
  if (swap && withSwapped === undefined) throw missing("swap", "swapped forms", "swapOf");
  if (weighted && weights === undefined) throw missing("weighted", "weights", "weightOf");
  if (withSwapped !== undefined) {
    checkDataset("train", withSwapped, "the split's withSwapped");
    if (withSwapped.count !== 2 * count) {
      throw new RangeError(
        `Cannot train: the split's withSwapped must have ${
          2 * count
        } examples, two for each of training, but has ${withSwapped.count}`,
      );
    }
  }
  if (weights !== undefined) checkWeights(weights, count);
}

function checkWeights(weights: unknown, count: number): void {
  if (!(weights instanceof Uint16Array)) {
    throw new TypeError(
      "Cannot train: the split's weights must be a Uint16Array, such as splitDataset() makes",
    );
  }
  const sum = weights.reduce((a, b) => a + b, 0);
  const isSound = weights.length === count && weights.every((weight) => weight >= 1);
  if (isSound && sum <= MOST_ENTRIES * count) return;
  throw new RangeError(
    `Cannot train: the split's weights must be ${count} integers from 1 on whose sum is at most ${
      MOST_ENTRIES * count
    }, but they are ${weights.length} with the sum ${sum}${isSound ? "" : ", or one is 0"}`,
  );
}

function missing(option: string, what: string, by: string): TypeError {
  return new TypeError(
    `Cannot train with ${option}: the split must have ${what}, but has none; leave out ${option}, or make the split with ${by}`,
  );
}
