/** Chooses the options of a training that are not given, by what is learned and with which model. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { integer, objectRule } from "../arguments/rule.ts";
import { type AnswerForm, isPairs } from "../problem/pairs/settings.ts";
import type { Problem } from "../problem/problem.ts";
import { type Cell, MODEL_SETTINGS } from "../network/config.ts";
import type { TrainingOptions } from "./options.ts";
import {
  findRecipe,
  LEAST_BATCH,
  MOST_EPOCHS,
  MOST_EPOCHS_OF_FEW,
  type TaskRecipe,
  type TrainingTask,
} from "./recipes.ts";
import { checkDropout } from "./regularization.ts";
import { resolveTraining } from "./resolve_training.ts";

/** What `chooseTraining` does, for errors. */
const ACTION = "choose a training";

/** How a model is trained, compared with the model of the recipes: an LSTM with one decoder layer and 128 units. */
interface Adaptation {
  /** Factor of the learning rate. */
  readonly rate: number;
  /** Factor of the number of examples. */
  readonly practised: number;
}

/** Sums of 3 digits, seed 1; bench/README.md, "What a training learns". At the usual rate a GRU answered 98.8 %, a simple RNN 10 %. */
const CELLS: Readonly<Record<Cell, Adaptation>> = {
  lstm: { rate: 1, practised: 1 },
  gru: { rate: 2 / 3, practised: 1.5 },
  simple: { rate: 0.2, practised: 2 },
};
/** Two decoder layers answered 28 % at the usual rate. */
const DEEP: Adaptation = { rate: 0.4, practised: 2 };
const UNCHANGED: Adaptation = { rate: 1, practised: 1 };
/** The hidden size of the recipes: fewer units learn more slowly, and each step takes less time. */
const USUAL_UNITS = 128;
const MOST_TIMES = 4;

/**
 * Fills in the options that are not given. With the recipe `fast` they follow the task: number of epochs, learning rate, fresh
 * examples, and whether examples are swapped and weighted. The command `train` uses these options.
 *
 * @throws {TypeError | RangeError} as {@linkcode resolveTraining} does
 * @throws {RangeError} if the problem's examples cannot be fresh, swapped or weighted, and the options demand it
 * @example
 * ```ts
 * import { createAddition } from "../problem/addition.ts";
 * import { chooseTraining } from "./choose_training.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const problem = createAddition({ digits: 2 });
 * const model = { cell: "lstm", layers: 1, hiddenSize: 128 } as const;
 * assertEquals(chooseTraining({}, { problem, model, examples: 4545 }).epochs, 20);
 * ```
 */
export function chooseTraining(
  given: Partial<TrainingOptions>,
  task: TrainingTask,
): TrainingOptions {
  checkValue(ACTION, "the options", given, objectRule());
  const { problem, model, examples } = checkTask(task);
  const decoder = model.decoder ?? "repeat";
  const resolved = resolveTraining(given);
  checkPossible(resolved, problem);
  checkDropout(resolved.dropout, decoder);
  if (resolved.recipe !== "fast") return resolved;
  const recipe = findRecipe(task);
  const { fresh: isFresh, options } = recipe;
  const { generated } = problem;
  const fresh = given.fresh ?? (isFresh && given.swap !== true && generated !== undefined);
  const { swapOf, weightOf } = generated?.practice ?? {};
  const usual = resolveTraining(options);
  const { rate, practised } = decoder === "repeat" ? adapt(model) : UNCHANGED;
  return resolveTraining({
    ...options,
    learningRate: usual.learningRate * rate,
    ...planSteps({ ...recipe, practised: recipe.practised * practised }, examples, {
      most: given.batchSize ?? usual.batchSize,
      least: given.batchSize ?? LEAST_BATCH,
    }),
    swap: !fresh && swapOf !== undefined,
    weighted: weightOf !== undefined || learnsFeatures(problem) === "edits",
    ...withoutUndefined(given),
    fresh,
  });
}

/** Checks that the problem has what the options demand. */
function checkPossible(
  { fresh, swap, weighted }: TrainingOptions,
  problem: Problem,
): void {
  const { settings: { name }, generated } = problem;
  const { swapOf, weightOf } = generated?.practice ?? {};
  const demands = [
    { option: "fresh", isMissing: fresh && generated === undefined, why: "makes no examples" },
    { option: "swap", isMissing: swap && swapOf === undefined, why: "has no numbers to swap" },
    {
      option: "weighted",
      isMissing: weighted && weightOf === undefined && learnsFeatures(problem) === undefined,
      why: name === "pairs" ? "has no features" : "has no short calculations",
    },
  ];
  const wrong = demands.find(({ isMissing }) => isMissing);
  if (wrong === undefined) return;
  throw new RangeError(
    `Cannot train: ${wrong.option} must be false with the problem ${name}, which ${wrong.why}, but is true`,
  );
}

/** Gives how the answers to questions with features are written; undefined if the questions have none. */
function learnsFeatures({ settings }: Problem): AnswerForm | undefined {
  return isPairs(settings) && settings.featureColumns.length > 0 ? settings.answers : undefined;
}

function adapt({ cell, layers, hiddenSize }: TrainingTask["model"]): Adaptation {
  const byCell = CELLS[cell];
  const byDepth = layers > 1 ? DEEP : UNCHANGED;
  const bySize = Math.max(1, Math.min(MOST_TIMES, USUAL_UNITS / hiddenSize));
  return {
    rate: byCell.rate * byDepth.rate,
    practised: byCell.practised * byDepth.practised * bySize,
  };
}

function checkTask(task: TrainingTask): TrainingTask {
  checkValue(ACTION, "the task", task, objectRule());
  checkValue(ACTION, "the problem", task.problem, objectRule());
  checkValue(ACTION, "the problem's settings", task.problem.settings, objectRule());
  checkValue(ACTION, "the model", task.model, objectRule());
  checkValue(ACTION, "its cell", task.model.cell, MODEL_SETTINGS.cell);
  const { decoder } = task.model;
  if (decoder !== undefined) checkValue(ACTION, "its decoder", decoder, MODEL_SETTINGS.decoder);
  checkValue(ACTION, "examples", task.examples, integer(1));
  return task;
}

/** Chooses the epochs and the batch size: smaller batches, and then more epochs, if there would be too few steps. */
function planSteps(
  { practised, leastSteps = 0, mostEpochs = MOST_EPOCHS }: TaskRecipe,
  examples: number,
  batch: { readonly most: number; readonly least: number },
): Pick<TrainingOptions, "epochs" | "batchSize"> {
  const epochs = Math.max(1, Math.min(mostEpochs, Math.round(practised / examples)));
  let batchSize = batch.most;
  while (batchSize >= 2 * batch.least && epochs * examples / batchSize < leastSteps) batchSize /= 2;
  const needed = Math.ceil(leastSteps / Math.ceil(examples / batchSize));
  return { batchSize, epochs: Math.max(epochs, Math.min(MOST_EPOCHS_OF_FEW, needed)) };
}

function withoutUndefined(options: Partial<TrainingOptions>): Partial<TrainingOptions> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
