/** Fills in the options of a training: those that are not given are those of its recipe. @module */
import { recordRule } from "../arguments/record.ts";
import { checkUnknown, checkValue, resolveOptions } from "../arguments/resolve_options.ts";
import { isObject, type Rule } from "../arguments/rule.ts";
import { type Recipe, TRAINING_SETTINGS, type TrainingOptions } from "./options.ts";
import { resolveStopAt } from "./stop_at.ts";

const ACTION = "train";

/** The rule of all options together. */
const TRAINING: Rule<TrainingOptions> = recordRule<TrainingOptions>(TRAINING_SETTINGS);

/**
 * Fills in the options of the recipe and checks every value.
 *
 * Values that become float32 are checked as float32: a value that is rounded to 0 is refused like 0 itself.
 *
 * @throws {TypeError} if an option is unknown or has a wrong type
 * @throws {RangeError} if a value is out of its range, or values cannot work together
 * @example
 * ```ts
 * import { resolveTraining } from "@carry/seq2seq/parts";
 * import { assertEquals } from "@std/assert";
 *
 * const options = resolveTraining({ recipe: "notebook", epochs: 30 });
 * assertEquals([options.epochs, options.batchSize, options.learningRate], [30, 128, 0.001]);
 * ```
 */
export function resolveTraining(options: Partial<TrainingOptions> = {}): TrainingOptions {
  const recipe = isObject(options) ? options.recipe ?? "fast" : "fast";
  checkValue(ACTION, "recipe", recipe, TRAINING_SETTINGS.recipe);
  const defaults = optionsOf(recipe);
  const full = resolveOptions(options, { action: ACTION, rules: TRAINING_SETTINGS, defaults });
  checkTogether(full);
  return Object.freeze({ ...full, stopAt: full.stopAt && resolveStopAt(ACTION, full.stopAt) });
}

/** Gives every option of a recipe. */
function optionsOf(recipe: Recipe): TrainingOptions {
  const values = Object.entries(TRAINING_SETTINGS).map((
    [name, { recipes }],
  ) => [name, recipes[recipe]]);
  return checkUnknown(ACTION, "the recipe", Object.fromEntries(values), TRAINING);
}

/** Refuses values that are possible alone but are known to fail together. Equations: adam.ts. */
function checkTogether(
  { learningRate, beta1, beta2, weightDecay, fresh, swap }: TrainingOptions,
): void {
  if (fresh && swap) {
    throw new RangeError(
      "Cannot train: swap must be false with fresh, because fresh examples come in all their forms, but is true",
    );
  }
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
