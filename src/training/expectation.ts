/** Says before a training what to expect of it, where that is less than people may think. @module */
import type { Problem } from "../problem/problem.ts";
import { createProblem } from "../problem/registry.ts";
import { chooseTraining } from "./choose_training.ts";
import { findRecipe, sizeOf } from "./recipes.ts";
import type { Settings } from "./choose_settings.ts";
import { countTrainingExamples } from "./training_examples.ts";

/** A training with a smaller share of the recipe's examples is said to be short. */
const SHORT = 0.8;
/** Fewer different sums than this do not teach to add; bench/README.md, "What a training learns". */
const ENOUGH_SUMS = 4000;
/** Fewest units and most decoder layers with which sums of 3 digits were learned. */
const LEAST_UNITS = 32;
const MOST_LAYERS = 2;

/** Describes what to expect of a training with the recipe `fast`; undefined if it is known to learn its task, or of people's own pairs. */
export function describeExpectation(settings: Settings): string | undefined {
  const problem = createProblem(settings.problem, settings.model);
  if (settings.training.recipe !== "fast" || problem.generated === undefined) return undefined;
  const reason = findReason(settings, problem);
  return reason && `What to expect: ${reason}`;
}

function findReason(settings: Settings, problem: Problem): string | undefined {
  const { model, training } = settings;
  const { digits } = sizeOf(problem);
  const examples = countTrainingExamples(settings);
  const formatted = examples.toLocaleString("en-US");
  if (digits === 1) {
    return `${formatted} questions are learned by heart, and do not teach the few that are held out. To learn to calculate, take --digits 2`;
  }
  if (digits > 1 && !training.fresh && examples < ENOUGH_SUMS) {
    return `${formatted} different questions are too few to learn to calculate from, and are learned by heart. With --examples stream there are others in every epoch`;
  }
  if (findRecipe({ problem, model, examples }).worst === undefined) {
    return "no training is known that learns this for certain. It may need more epochs or more units than this one";
  }
  if (model.cell === "simple" || model.layers > MOST_LAYERS || model.hiddenSize < LEAST_UNITS) {
    return `a model with an LSTM or a GRU, at most ${MOST_LAYERS} decoder layers and at least ${LEAST_UNITS} units learns this. It is not known of this one`;
  }
  const usual = chooseTraining({}, { problem, model, examples });
  return training.epochs < SHORT * usual.epochs
    ? `${
      formatCount(training.epochs, "epoch")
    } of ${formatted} examples, where learning takes ${usual.epochs}`
    : undefined;
}

function formatCount(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
