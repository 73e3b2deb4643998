/** How to train: two recipes, any option of which can be overridden. @module */
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
import { isLoss, type MetricName, METRICS } from "./metrics.ts";
import { type Schedule, SCHEDULES } from "./schedule.ts";

/**
 * A named set of options.
 *
 * - `fast`: AdamW, 4 epochs at a rate that rises, stays and falls. With `swap` and `weighted`, which the command `train` adds to
 *   it, 99.8 % exact match on the default problem, and every sum of two one-digit numbers right
 * - `notebook`: what the Keras notebook does; 99 epochs at a constant rate
 */
export type Recipe = "fast" | "notebook";

/** Every recipe, for checks and help texts. */
export const RECIPES: readonly Recipe[] = ["fast", "notebook"];

/** A metric and the value at which to stop. */
export interface StopAt {
  /** What is watched. */
  readonly metric: MetricName;
  /** Reached from below by accuracies, from above by losses. */
  readonly value: number;
}

/** How to train, in full. */
export interface TrainingOptions extends OrderOptions {
  /** Where the other options come from unless they are given. */
  readonly recipe: Recipe;
  /** Passes over the training split. */
  readonly epochs: number;
  /** Examples a step. */
  readonly batchSize: number;
  /** Learning rate; the highest, where the schedule changes it. */
  readonly learningRate: number;
  /** How the learning rate runs over the steps. */
  readonly schedule: Schedule;
  /** Share of the steps on which the learning rate rises. */
  readonly warmup: number;
  /** Decay of Adam's first moment. */
  readonly beta1: number;
  /** Decay of Adam's second moment. */
  readonly beta2: number;
  /** Added to the root of Adam's second moment. */
  readonly epsilon: number;
  /** Decoupled weight decay of matrices. */
  readonly weightDecay: number;
  /** Largest global norm of the gradients; 0: no limit. */
  readonly clipNorm: number;
  /** Seed of first parameters, shuffling and samples. */
  readonly seed: number;
  /** Stop as soon as a metric has this value after an epoch. */
  readonly stopAt: StopAt | null;
  /** Stop after so many epochs without a better `monitor`; 0: never. */
  readonly patience: number;
  /** What makes one epoch better than another. */
  readonly monitor: MetricName;
}

/** What both recipes have in common. Examples are taken once an epoch and as they are: not every split can do otherwise. */
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
/** Most epochs of a training: a history of more would take too long to save and to read. */
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
 * Fills in what the recipe says and checks every value.
 *
 * Values that become float32 are checked as float32: one that is rounded to 0 is refused like 0 itself.
 *
 * @throws {TypeError} if an option is not known or has a wrong type
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
 * Fills in what the recipe says for a problem whose examples can be swapped and weighted, as additions can: with the recipe
 * `fast` both are on unless an option says otherwise. This is what the command `train` trains with.
 *
 * @throws {TypeError | RangeError} as {@linkcode resolveTraining}
 */
export function resolvePractice(options: Partial<TrainingOptions> = {}): TrainingOptions {
  const { recipe, swap, weighted } = resolveTraining(options);
  const isFast = recipe === "fast";
  return resolveTraining({
    ...options,
    swap: options.swap === undefined ? isFast : swap,
    weighted: options.weighted === undefined ? isFast : weighted,
  });
}

function resolveStopAt(stopAt: StopAt): StopAt {
  const rules = { metric: choice(METRICS), value: stopValueRule(stopAt.metric) };
  const table = { action: ACTION, what: "stopAt", prefix: "stopAt.", rules, defaults: {} };
  return Object.freeze(resolveOptions<StopAt, object>(stopAt, table));
}

/** Accuracies are shares: 90 % is 0.9. */
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
