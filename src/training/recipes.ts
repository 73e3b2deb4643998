/**
 * What the recipe `fast` is for each kind and size of task: one table. Its figures were found by measuring; bench/README.md, "What a
 * training learns", has the results of every row with its commands.
 *
 * @module
 */
import type { GivenModelShape } from "../network/config.ts";
import type { Problem } from "../problem/problem.ts";
import type { TrainingOptions } from "./options.ts";
import { ATTENTION_OPTIONS, findPairsRecipe } from "./pairs_recipes.ts";

/** What a training is chosen for. */
export interface TrainingTask {
  /** The problem. */
  readonly problem: Problem;
  /** The model, or its shape. */
  readonly model: GivenModelShape;
  /** Number of examples of an epoch. */
  readonly examples: number;
}

/** A row of the table. */
export interface TaskRecipe {
  /** Whether it is for a task of this size. */
  readonly suits: (size: TaskSize) => boolean;
  /** Number of examples that a training takes in all its epochs, of 1 to {@linkcode MOST_EPOCHS} passes. */
  readonly practised: number;
  /**
   * Number of steps that a training takes at least: with few examples the batches are smaller, and then the epochs more. Default 0.
   */
  readonly leastSteps?: number;
  /** Most passes over the same examples. Default: {@linkcode MOST_EPOCHS}. */
  readonly mostEpochs?: number;
  /** Whether each epoch has fresh examples, if the problem makes them itself. */
  readonly fresh: boolean;
  /** Options that differ from those of `fast`. */
  readonly options: Partial<TrainingOptions>;
  /** Exact match in % of the worst seed that was measured; undefined if no training is known that learns it. */
  readonly worst: number | undefined;
}

/** The size of a task. */
export interface TaskSize {
  /** Name of the problem. */
  readonly name: string;
  /** Digits of two numbers in base 10 with as many different questions; 0 if it is no calculation. */
  readonly digits: number;
}

/** Most passes over the same examples. More of them memorise. */
export const MOST_EPOCHS = 40;
/** Most passes if there would be too few steps otherwise, and the smallest batch then. */
export const MOST_EPOCHS_OF_FEW = 100;
export const LEAST_BATCH = 8;

/** The rows; the first that suits counts. */
const RECIPES: readonly TaskRecipe[] = [
  {
    // Only 55 sums: nobody can tell the others from 50 of them.
    suits: ({ name, digits }) => isSum(name) && digits <= 1,
    ...{ practised: 2000, leastSteps: 700, fresh: false, worst: undefined },
    options: { batchSize: 8, learningRate: 0.01 },
  },
  {
    // All 5,050 sums are known: there are no others that would be fresh.
    suits: ({ name, digits }) => isSum(name) && digits <= 2,
    ...{ practised: 91_000, fresh: false, worst: 99.8 },
    options: { batchSize: 32, learningRate: 0.0199, weightDecay: 0.04 },
  },
  {
    suits: ({ name, digits }) => isSum(name) && digits <= 3,
    ...{ practised: 180_000, fresh: true, worst: 99.9 },
    options: {},
  },
  {
    suits: ({ name, digits }) => isSum(name) && digits <= 4,
    ...{ practised: 405_000, fresh: true, worst: 99.9 },
    options: { learningRate: 0.012, warmup: 0.12, beta2: 0.99, weightDecay: 0.06 },
  },
  {
    suits: ({ name, digits }) => isSum(name) && digits <= 5,
    ...{ practised: 810_000, fresh: true, worst: 99.9 },
    options: { learningRate: 0.011, warmup: 0.1, beta2: 0.99, weightDecay: 0.066 },
  },
  {
    suits: ({ digits }) => digits > 0,
    ...{ practised: 1_350_000, fresh: true, worst: undefined },
    options: { learningRate: 0.01, warmup: 0.1, beta2: 0.99, weightDecay: 0.066 },
  },
  {
    suits: ({ name }) => name === "dates",
    ...{ practised: 190_000, fresh: true, worst: 100 },
    options: { learningRate: 0.01 },
  },
  {
    // All 10,000 numbers of up to 4 digits are known: there are no others that would be fresh.
    suits: ({ name }) => name === "numbers",
    ...{ practised: 72_000, fresh: false, worst: 100 },
    options: { batchSize: 32, learningRate: 0.01 },
  },
  {
    // People's own pairs with the decoder `repeat`. Of 1,000 numbers in words 74 % were learned in 600 steps, and 98 % in 2,280.
    suits: () => true,
    ...{ practised: 500_000, leastSteps: 2000, fresh: false, worst: undefined },
    options: { learningRate: 0.006, weightDecay: 0.045 },
  },
];

/**
 * Products of two digits with attention. The rule is found late, long after the products that are trained on are known, and only while
 * the rate is high: with the rate going down from the beginning 58 % were right.
 */
const PRODUCTS: TaskRecipe = {
  suits: ({ name, digits }) => name === "multiplication" && digits <= 2,
  ...{ practised: 2_200_000, mostEpochs: 500, fresh: false, worst: 95.6 },
  options: {
    ...ATTENTION_OPTIONS,
    ...{ learningRate: 0.006, schedule: "flat", warmup: 0.05, weightDecay: 0.15 },
  },
};

function isSum(name: string): boolean {
  return name === "addition" || name === "subtraction";
}

/** Subtractions take this many times as many examples as additions: `1-2` is not `2-1`. Of those of 3 digits 94.8 % were right otherwise. */
const SUBTRACTION_TIMES = 2;

/**
 * Gives the row for a task. Pairs have a table of their own, if they are learned with attention. With attention a problem that Carry
 * makes itself takes as many examples as otherwise, at a lower rate: 1,000 of 1,000 held-out sums of 2 digits were then right, seed 0.
 */
export function findRecipe({ problem, model, examples }: TrainingTask): TaskRecipe {
  if (model.decoder === "attention" && problem.settings.name === "pairs") {
    const { model: _, mostPairs: __, ...recipe } = findPairsRecipe(examples);
    return { ...recipe, suits: () => true, fresh: false, worst: undefined };
  }
  const size = sizeOf(problem);
  if (model.decoder === "attention" && PRODUCTS.suits(size)) return PRODUCTS;
  const row = RECIPES.find(({ suits }) => suits(size))!;
  const recipe = model.decoder === "attention"
    ? { ...row, options: { ...row.options, ...ATTENTION_OPTIONS } }
    : row;
  return size.name === "subtraction"
    ? { ...recipe, practised: SUBTRACTION_TIMES * recipe.practised }
    : recipe;
}

/** Measures the size of a task: three numbers of two digits have as many questions as two numbers of three digits. */
export function sizeOf({ settings }: Pick<Problem, "settings">): TaskSize {
  const { name, digits, terms = 2, base = 10 } = settings;
  if (typeof digits !== "number" || typeof terms !== "number" || typeof base !== "number") {
    return { name, digits: 0 };
  }
  if (name === "numbers") return { name, digits: 0 };
  return { name, digits: Math.max(1, Math.ceil(digits * terms * Math.log10(base) / 2)) };
}
