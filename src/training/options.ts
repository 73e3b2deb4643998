/** The options of training: one table with the check, the values of both recipes, and the words of each. @module */
import { float32, integer, numberRule, type Rule } from "../arguments/rule.ts";
import {
  choiceSetting,
  numberSetting,
  SEED_SETTING,
  type Setting,
  shareSetting,
  switchSetting,
} from "../arguments/setting.ts";
import { BATCH_SIZE } from "../dataset/batches.ts";
import type { OrderOptions } from "../dataset/order.ts";
import { type MetricName, METRICS } from "./metrics.ts";
import { type Schedule, SCHEDULES } from "./schedule.ts";
import { STOP_AT, type StopAt } from "./stop_at.ts";

/**
 * A named set of options.
 *
 * - `fast`: AdamW with the schedule `flat`, or `cosine` with attention. Its values here are those for sums of 3 digits, of which it
 *   takes 180,000. The command `train`, `fit()` and `chooseTraining()` adapt them to what is learned: the tables of recipes.ts and
 *   pairs_recipes.ts
 * - `notebook`: as the Keras notebook trains: Adam, 99 epochs at a constant rate
 */
export type Recipe = "fast" | "notebook";

/** Every recipe, for checks and help texts. */
export const RECIPES: readonly Recipe[] = ["fast", "notebook"];

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
  /** Share of values that are dropped in training, from 0 to below 1; 0 with the decoder `repeat`. */
  readonly dropout: number;
  /** Label smoothing, from 0 to below 1: the share of every target that is spread evenly over all symbols. */
  readonly labelSmoothing: number;
  /** Seed of shuffling and samples. The command `train` draws the first parameters with it too. */
  readonly seed: number;
  /** Training stops if a metric has reached a value after an epoch; null: never. */
  readonly stopAt: StopAt | null;
  /** Training stops after this number of epochs without a better `monitor`; 0: never. */
  readonly patience: number;
  /** The metric by which one epoch is better than another. */
  readonly monitor: MetricName;
}

/** An option of a training. */
export interface TrainingSetting<T> extends Setting<T> {
  /** Its value in each recipe. */
  readonly recipes: Readonly<Record<Recipe, T>>;
  /** Whether it may change in a training that has begun. */
  readonly change: Change;
  /** Its value for a training that was saved before the option existed. Absent if every saved training has it. */
  readonly before?: T;
}

/**
 * Whether an option may change in a training that has begun.
 *
 * - `never`: the saved position depends on it: the next examples, or the learning rate
 * - `library`: a program may continue with another value, which then decides the following updates
 * - `resume`: it decides when training ends; `train --resume` takes another value too
 */
export type Change = "never" | "library" | "resume";

/** Most epochs of a training: a longer history would take too long to save and to read. */
export const MAX_EPOCHS = 1_000_000;

/** A share of which something must be left. */
const BELOW_1: Rule<number> = numberRule(
  "from 0 to below 1",
  (share) => share >= 0 && share < 1,
);

/** Every option. Checks, defaults, options of the command line, help, and what is saved come from this table. */
export const TRAINING_SETTINGS: {
  readonly [Name in keyof TrainingOptions]: TrainingSetting<TrainingOptions[Name]>;
} = {
  recipe: {
    ...choiceSetting(RECIPES, {
      title: "Recipe",
      help:
        "fast (AdamW, as long as the problem needs) or notebook (Adam, 99 epochs); other options override it",
      default: "fast",
    }),
    ...{ recipes: { fast: "fast", notebook: "notebook" }, change: "library" },
  },
  epochs: define({
    ...numberSetting(integer(1, MAX_EPOCHS), {
      title: "Epochs",
      help: "passes over the questions",
      defaultHelp: "by problem and model, 4 for 3 digits; recipe notebook: 99",
    }),
    ...{ recipes: { fast: 4, notebook: 99 }, change: "resume" },
  }),
  batchSize: define({
    ...numberSetting(BATCH_SIZE, {
      title: "Batch size",
      help: "questions in each step",
      defaultHelp: "by problem, 64 for 3 digits; recipe notebook: 128",
    }),
    ...{ recipes: { fast: 64, notebook: 128 }, change: "never" },
  }),
  learningRate: define({
    ...numberSetting(float32({}), {
      title: "Learning rate",
      help: "learning rate, or its highest value in a schedule",
      placeholder: "X",
      defaultHelp: "by problem and model, 0.024 for 3 digits; recipe notebook: 0.001",
    }),
    ...{ recipes: { fast: 0.024, notebook: 1e-3 }, change: "library" },
  }),
  schedule: define({
    ...choiceSetting(SCHEDULES, {
      title: "Schedule",
      help:
        "learning rate over time: constant; triangular (rises, then falls to 0); flat (rises, stays until 60 % of the steps, then falls to 0); or cosine (rises, then falls to 0 as a cosine)",
      defaultHelp: "flat, or cosine with attention; recipe notebook: constant",
    }),
    ...{ recipes: { fast: "flat", notebook: "constant" }, change: "never" },
  }),
  warmup: define({
    ...shareSetting(numberRule("from 0 to 1", (share) => share >= 0 && share <= 1), {
      title: "Warm-up",
      help: "share of the steps in which a rate rises that is not constant",
      defaultHelp: "by problem, 0.2 for 3 digits; recipe notebook: 0.25",
    }),
    ...{ recipes: { fast: 0.2, notebook: 0.25 }, change: "library" },
  }),
  beta1: define({
    ...numberSetting(float32({ zero: true, below: 1 }), {
      title: "Beta 1",
      help: "decay of Adam's first moment",
      placeholder: "X",
      defaultHelp: "0.85, or 0.9 with attention; recipe notebook: 0.9",
    }),
    ...{ recipes: { fast: 0.85, notebook: 0.9 }, change: "library" },
  }),
  beta2: define({
    ...numberSetting(float32({ zero: true, below: 1 }), {
      title: "Beta 2",
      help: "decay of Adam's second moment",
      defaultHelp: "by problem, 0.95 for 3 digits; recipe notebook: 0.999",
      placeholder: "X",
    }),
    ...{ recipes: { fast: 0.95, notebook: 0.999 }, change: "library" },
  }),
  epsilon: define({
    ...numberSetting(float32({}), {
      title: "Epsilon",
      help: "Adam's epsilon",
      placeholder: "X",
      defaultHelp: "1e-7, as in Keras",
    }),
    ...{ recipes: { fast: 1e-7, notebook: 1e-7 }, change: "library" },
  }),
  weightDecay: define({
    ...numberSetting(float32({ zero: true }), {
      title: "Weight decay",
      help: "decoupled weight decay of matrices",
      defaultHelp: "by problem, 0.045 for 3 digits; recipe notebook: 0",
      placeholder: "X",
    }),
    ...{ recipes: { fast: 0.045, notebook: 0 }, change: "library" },
  }),
  clipNorm: define({
    ...numberSetting(float32({ zero: true }), {
      title: "Gradient norm",
      help: "largest global norm of the gradients; 0: no limit",
      placeholder: "X",
      defaultHelp: "0.5, or 1 with attention; recipe notebook: 0",
    }),
    ...{ recipes: { fast: 0.5, notebook: 0 }, change: "library" },
  }),
  dropout: define({
    ...shareSetting(BELOW_1, {
      title: "Dropout",
      help:
        "share of values that are dropped at random in training; above 0 only with --decoder attention",
      defaultHelp: "0, for pairs by their number; recipe notebook: 0",
    }),
    ...{ recipes: { fast: 0, notebook: 0 }, change: "library", before: 0 },
  }),
  labelSmoothing: define({
    ...shareSetting(BELOW_1, {
      title: "Label smoothing",
      help: "share of the probability of every right symbol that training spreads over all symbols",
      defaultHelp: "0, for pairs 0.1; recipe notebook: 0",
    }),
    ...{ recipes: { fast: 0, notebook: 0 }, change: "library", before: 0 },
  }),
  swap: define({
    ...switchSetting({
      title: "Numbers swapped",
      help: "swap the two numbers of a question in half of the cases, at random",
      defaultHelp:
        "on where swapping changes no answer and the questions are the same in every epoch; recipe notebook: off",
    }),
    ...{ recipes: { fast: false, notebook: false }, change: "never", before: false },
  }),
  weighted: define({
    ...switchSetting({
      title: "Short sums or rare features more often",
      help:
        "train calculations with short numbers more often, and keep all of one-digit numbers in the training split; or pairs with rare features more often",
      defaultHelp: "on for calculations, and with --answers edits; recipe notebook: off",
    }),
    ...{ recipes: { fast: false, notebook: false }, change: "never", before: false },
  }),
  fresh: define({
    ...switchSetting({
      title: "Fresh questions",
      help: "make other questions for every epoch, none of which is held back",
    }),
    ...{ recipes: { fast: false, notebook: false }, change: "never", before: false },
  }),
  seed: { ...SEED_SETTING, ...{ recipes: { fast: 0, notebook: 0 }, change: "never" } },
  stopAt: define({ ...STOP_AT, ...{ recipes: { fast: null, notebook: null }, change: "resume" } }),
  patience: define({
    ...numberSetting(integer(0), {
      title: "Patience",
      help: "number of epochs without a better --monitor after which training stops; 0: no limit",
    }),
    ...{ recipes: { fast: 0, notebook: 0 }, change: "resume" },
  }),
  monitor: define({
    ...choiceSetting(METRICS, {
      title: "Monitor",
      help: "metric that decides which epoch is best",
      placeholder: "METRIC",
    }),
    ...{ recipes: { fast: "exactMatch", notebook: "exactMatch" }, change: "library" },
  }),
};

/** Gives an option its default in help: the value of both recipes, or that of `fast` and that of `notebook`. */
function define<T>(setting: TrainingSetting<T>): TrainingSetting<T> {
  const [fast, notebook] = [setting.recipes.fast, setting.recipes.notebook].map(setting.write);
  const defaultHelp = fast === notebook ? fast! : `${fast}; recipe notebook: ${notebook}`;
  return { defaultHelp, ...setting };
}
