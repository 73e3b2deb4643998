/** The options of training: two recipes, whose options can be overridden. @module */
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import {
  BOOLEAN,
  choice,
  float32,
  integer,
  isObject,
  numberRule,
  type Rule,
  SEED,
} from "../arguments/rule.ts";
import { BATCH_SIZE } from "../dataset/batches.ts";
import type { OrderOptions } from "../dataset/order.ts";
import type { Cell } from "../network/config.ts";
import { isLoss, type MetricName, METRICS } from "./metrics.ts";
import { type Schedule, SCHEDULES } from "./schedule.ts";

/**
 * A named set of options.
 *
 * - `fast`: AdamW, 4 epochs with the schedule `flat`. With `swap` and `weighted`, which the command `train` adds, it reaches
 *   99.8 % exact match on the default problem, and answers all sums of two one-digit numbers correctly
 * - `notebook`: as the Keras notebook trains: Adam, 99 epochs at a constant rate
 */
export type Recipe = "fast" | "notebook";

/** Every recipe, for checks and help texts. */
export const RECIPES: readonly Recipe[] = ["fast", "notebook"];

/** A metric and the value at which to stop. */
export interface StopAt {
  /** The metric. */
  readonly metric: MetricName;
  /** The value. Training stops when an accuracy reaches it from below, or a loss from above. Accuracies are from 0 to 1. */
  readonly value: number;
}

/** All options of a training. An option that is not given has the value of its recipe. */
export interface TrainingOptions extends OrderOptions {
  /** The recipe that gives the options that are not given. Default `fast`. */
  readonly recipe: Recipe;
  /** Number of passes over the training split, 1 to 1,000,000. */
  readonly epochs: number;
  /** Number of examples of a step, 1 to 65,536. */
  readonly batchSize: number;
  /** Learning rate, above 0. It is the highest one if the schedule changes it. */
  readonly learningRate: number;
  /** How the learning rate changes over the steps. */
  readonly schedule: Schedule;
  /** Share of the steps during which the learning rate rises, from 0 to 1. */
  readonly warmup: number;
  /** Decay of Adam's first moment, in [0, 1). */
  readonly beta1: number;
  /** Decay of Adam's second moment, in [0, 1). */
  readonly beta2: number;
  /** Number that is added to the root of Adam's second moment, above 0. */
  readonly epsilon: number;
  /** Decoupled weight decay of matrices, 0 or more. */
  readonly weightDecay: number;
  /** Largest global norm of the gradients; 0: no limit. */
  readonly clipNorm: number;
  /** Seed of shuffling and samples. The command `train` draws the first parameters with it too. */
  readonly seed: number;
  /** Training stops if a metric has reached a value after an epoch; null: never. */
  readonly stopAt: StopAt | null;
  /** Training stops after this number of epochs without a better `monitor`; 0: never. */
  readonly patience: number;
  /** The metric by which one epoch is better than another. */
  readonly monitor: MetricName;
}

/** The options that both recipes share. Swapping and weights are off, because not every split supports them. */
const COMMON = {
  epsilon: 1e-7,
  swap: false,
  weighted: false,
  seed: 0,
  stopAt: null,
  patience: 0,
  monitor: "exactMatch",
} as const;

const RECIPE_OPTIONS: Record<Recipe, TrainingOptions> = {
  fast: {
    ...COMMON,
    recipe: "fast",
    epochs: 4,
    batchSize: 64,
    learningRate: 0.024,
    schedule: "flat",
    warmup: 0.2,
    beta1: 0.85,
    beta2: 0.95,
    weightDecay: 0.045,
    clipNorm: 0.5,
  },
  notebook: {
    ...COMMON,
    recipe: "notebook",
    epochs: 99,
    batchSize: 128,
    learningRate: 1e-3,
    schedule: "constant",
    warmup: 0.25,
    beta1: 0.9,
    beta2: 0.999,
    weightDecay: 0,
    clipNorm: 0,
  },
};

const ACTION = "train";
/** Most epochs of a training: a longer history would take too long to save and to read. */
export const MAX_EPOCHS = 1_000_000;

const RULES: Rules<TrainingOptions> = {
  recipe: choice(RECIPES),
  epochs: integer(1, MAX_EPOCHS),
  batchSize: BATCH_SIZE,
  learningRate: float32({}),
  schedule: choice(SCHEDULES),
  warmup: numberRule("from 0 to 1", (share) => share >= 0 && share <= 1),
  beta1: float32({ zero: true, below: 1 }),
  beta2: float32({ zero: true, below: 1 }),
  epsilon: float32({}),
  weightDecay: float32({ zero: true }),
  clipNorm: float32({ zero: true }),
  swap: BOOLEAN,
  weighted: BOOLEAN,
  seed: SEED,
  stopAt: {
    must: "null, or a metric and a value",
    findFault: (value) => value === null || isObject(value) ? undefined : "type",
  },
  patience: integer(0),
  monitor: choice(METRICS),
};

/**
 * Fills in the options of the recipe and checks every value.
 *
 * Values that become float32 are checked as float32: a value that is rounded to 0 is refused like 0 itself.
 *
 * @throws {TypeError} if an option is unknown or has a wrong type
 * @throws {RangeError} if a value is out of its range, or values cannot work together
 * @example
 * ```ts
 * import { resolveTraining } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * const options = resolveTraining({ recipe: "notebook", epochs: 30 });
 * assertEquals([options.epochs, options.batchSize, options.learningRate], [30, 128, 0.001]);
 * ```
 */
export function resolveTraining(options: Partial<TrainingOptions> = {}): TrainingOptions {
  const recipe = isObject(options) ? options.recipe ?? "fast" : "fast";
  checkValue(ACTION, "recipe", recipe, RULES.recipe);
  const defaults = RECIPE_OPTIONS[recipe];
  const full = resolveOptions(options, { action: ACTION, rules: RULES, defaults });
  checkTogether(full);
  return Object.freeze({ ...full, stopAt: full.stopAt && resolveStopAt(full.stopAt) });
}

/**
 * Learning rate of the recipe `fast` for cells that do not learn at the usual one. A simple RNN answered 88 and 83 % of the
 * held-out questions after 4 epochs at 0.006, 85 and 81 % at 0.004, and 10 and 14 % at 0.01 (seeds 1 and 2).
 */
const FAST_RATES: Partial<Record<Cell, number>> = { simple: 0.005 };

/**
 * Fills in the options of the recipe for a cell, and for a problem whose examples can be swapped and weighted, such as
 * additions. With the recipe `fast` the defaults of `swap` and `weighted` are then true, and `learningRate` is 0.005 for the
 * cell `simple`. The command `train` uses these options.
 *
 * @throws {TypeError | RangeError} as {@linkcode resolveTraining} does
 */
export function resolvePractice(
  options: Partial<TrainingOptions>,
  cell: Cell,
): TrainingOptions {
  const { recipe, learningRate, swap, weighted } = resolveTraining(options);
  const isFast = recipe === "fast";
  const rate = isFast ? FAST_RATES[cell] ?? learningRate : learningRate;
  return resolveTraining({
    ...options,
    learningRate: options.learningRate === undefined ? rate : learningRate,
    swap: options.swap === undefined ? isFast : swap,
    weighted: options.weighted === undefined ? isFast : weighted,
  });
}

function resolveStopAt(stopAt: StopAt): StopAt {
  const rules = { metric: choice(METRICS), value: stopValueRule(stopAt.metric) };
  const table = { action: ACTION, what: "stopAt", prefix: "stopAt.", rules, defaults: {} };
  return Object.freeze(resolveOptions<StopAt, object>(stopAt, table));
}

/** Gives the rule for a value of `stopAt`. Accuracies are shares: 90 % is 0.9. */
function stopValueRule(metric: MetricName): Rule<number> {
  return isLoss(metric)
    ? numberRule("finite, and 0 or more", (value) => value >= 0 && value < Infinity)
    : numberRule(`from 0 to 1 for ${metric}`, (value) => value >= 0 && value <= 1);
}

/** Refuses values that are possible alone but are known to fail together. Equations: adam.ts. */
function checkTogether({ learningRate, beta1, beta2, weightDecay }: TrainingOptions): void {
  const decay = learningRate * weightDecay;
  if (decay > 1) {
    throw new RangeError(
      `Cannot train: learningRate × weightDecay must be at most 1, the share that a step takes off every matrix, but is ${decay}`,
    );
  }
  const first = learningRate * Math.sqrt(1 - beta2) / (1 - beta1);
  if (Number.isFinite(Math.fround(first))) return;
  throw new RangeError(
    `Cannot train: learningRate × √(1 - beta2) / (1 - beta1), the rate of the first update, must be finite as a float32, but is ${first}`,
  );
}
