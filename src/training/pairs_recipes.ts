/**
 * Which model learns people's own pairs, and how it is trained: one table by the number of pairs.
 *
 * The row for up to 5,000 pairs was measured: 15 languages, five seeds each (bench/README.md, "Real tasks"). The others follow from it,
 * and were tried with a seed or two on single tasks; the last was not tried.
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
  /** Number of steps that a training takes at least: with few pairs the batches are smaller, and then the epochs more. */
  readonly leastSteps: number;
  /** Most epochs, unless there would be too few steps. */
  readonly mostEpochs: number;
  /** Options that differ from those of `fast`. */
  readonly options: Partial<TrainingOptions>;
}

/** Options of every training with attention. */
export const ATTENTION_OPTIONS: Partial<TrainingOptions> = {
  ...{ batchSize: 32, learningRate: 0.005, schedule: "cosine", warmup: 0.05 },
  ...{ beta1: 0.9, beta2: 0.99, weightDecay: 0.01, clipNorm: 1 },
};
/** Options of every row. */
const COMMON: Partial<TrainingOptions> = {
  ...ATTENTION_OPTIONS,
  ...{ learningRate: 0.003, dropout: 0.2, labelSmoothing: 0.1 },
};

/** The rows, from few pairs to many: with more of them fewer epochs and less dropout. */
const RECIPES: readonly PairsRecipe[] = [
  {
    mostPairs: 5000,
    model: { hiddenSize: 128, embeddingSize: 64, encoderLayers: 2 },
    ...{ practised: 150_000, leastSteps: 3000, mostEpochs: 60 },
    options: COMMON,
  },
  {
    mostPairs: 12_000,
    model: { hiddenSize: 128, embeddingSize: 64, encoderLayers: 2 },
    ...{ practised: 220_000, leastSteps: 0, mostEpochs: 60 },
    options: COMMON,
  },
  {
    mostPairs: 30_000,
    model: { hiddenSize: 128, embeddingSize: 64 },
    ...{ practised: 320_000, leastSteps: 0, mostEpochs: 60 },
    options: { ...COMMON, dropout: 0.1 },
  },
  {
    mostPairs: 80_000,
    model: { hiddenSize: 128, embeddingSize: 64 },
    ...{ practised: 200_000, leastSteps: 0, mostEpochs: 60 },
    options: { ...COMMON, dropout: 0.1 },
  },
  {
    mostPairs: Infinity,
    model: { hiddenSize: 256, embeddingSize: 128 },
    ...{ practised: 500_000, leastSteps: 0, mostEpochs: 60 },
    options: { ...COMMON, batchSize: 64, dropout: 0.1 },
  },
];

/** Gives the row for a number of pairs. */
export function findPairsRecipe(pairs: number): PairsRecipe {
  return RECIPES.find(({ mostPairs }) => pairs <= mostPairs)!;
}
