/**
 * Which model learns people's own pairs, and how it is trained: one table by the number of pairs. Its figures were found by measuring;
 * bench/README.md has them.
 *
 * @module
 */
import type { ModelShape } from "../network/config.ts";
import type { TrainingOptions } from "./options.ts";

/** A row of the table. */
export interface PairsRecipe {
  /** Most pairs that it is for. */
  readonly mostPairs: number;
  /** The shape of the model, where it differs from what is usual. */
  readonly model: Partial<ModelShape>;
  /** Number of pairs that a training takes in all its epochs. */
  readonly practised: number;
  /** Options that differ from those of `fast`. */
  readonly options: Partial<TrainingOptions>;
}

const RECIPES: readonly PairsRecipe[] = [
  {
    mostPairs: Infinity,
    model: { hiddenSize: 128, embeddingSize: 64 },
    practised: 150_000,
    options: { batchSize: 16, learningRate: 0.003, dropout: 0.3, labelSmoothing: 0.1, beta1: 0.9 },
  },
];

/** Gives the row for a number of pairs. */
export function findPairsRecipe(pairs: number): PairsRecipe {
  return RECIPES.find(({ mostPairs }) => pairs <= mostPairs)!;
}
