/** Advice for a training that has ended without a model that has learned its task. @module */
import type { Problem } from "../problem/problem.ts";
import { createProblem } from "../problem/registry.ts";
import { chooseTraining } from "./choose_training.ts";
import type { EndReason } from "./events.ts";
import type { EpochMetrics } from "./metrics.ts";
import { findRecipe } from "./recipes.ts";
import { SCHEDULE_OPTIONS } from "./schedule.ts";
import type { Settings } from "./choose_settings.ts";
import { countTrainingExamples } from "./training_examples.ts";

/** Below this share of correct answers a model has not learned its task, if a training is known that learns it, and otherwise. */
const LEARNED = 0.9;
const LEARNED_SOMETHING = 0.5;
/** A learning rate this many times higher or lower than that of the recipe is a likely cause. */
const FAR_RATE = 4;
/** A training that took less than this share of the examples of the recipe was short. */
const SHORT = 0.8;
/** The hidden size that every recipe was measured with, and the smallest that learned sums of 3 digits; most layers that did. */
const ENOUGH_UNITS = 128;
const LEAST_UNITS = 32;
const MOST_LAYERS = 2;
/** A training that lowers the validation loss by this share in an epoch is still learning. */
const IMPROVEMENT = 0.02;

/**
 * Says that a model has not learned its task, and what to try; undefined if it has learned it, or if no epoch is complete.
 *
 * @param reason why the training has ended
 */
export function adviseLearning(
  settings: Settings,
  history: readonly EpochMetrics[],
  reason: Exclude<EndReason, "interrupted">,
): string | undefined {
  const last = history.at(-1);
  if (last === undefined) return undefined;
  const problem = createProblem(settings.problem, settings.model);
  const { model } = settings;
  const examples = countTrainingExamples(settings);
  const isKnown = findRecipe({ problem, model, examples }).worst !== undefined;
  if (last.exactMatch >= (isKnown ? LEARNED : LEARNED_SOMETHING)) return undefined;
  const match = `${(100 * last.exactMatch).toFixed(2)} %`;
  return `The model has not learned its task: it answers ${match} of the validation questions correctly. ${
    findAdvice(settings, { problem, history, reason })
  }`;
}

/** A training that has ended. */
interface Ended {
  readonly problem: Problem;
  readonly history: readonly EpochMetrics[];
  readonly reason: Exclude<EndReason, "interrupted">;
}

function findAdvice(settings: Settings, { problem, history, reason }: Ended): string {
  const { model, training } = settings;
  const { loss, validationLoss, step, epoch, exactMatch } = history.at(-1)!;
  const { recipe } = training;
  const anEpoch = countTrainingExamples(settings);
  const usual = chooseTraining({ recipe }, { problem, model, examples: anEpoch });
  const ratio = training.learningRate / usual.learningRate;
  if (!training.fresh && loss < validationLoss / 2 && loss < 0.5) {
    const losses = `loss ${loss.toFixed(4)}, validation loss ${validationLoss.toFixed(4)}`;
    return `It has memorised the ${
      formatCount(anEpoch)
    } questions that it was trained on (${losses}). ${adviseMore(problem)}`;
  }
  if (ratio >= FAR_RATE || ratio <= 1 / FAR_RATE) {
    return `The learning rate ${training.learningRate} is ${
      ratio > 1 ? "high" : "low"
    }. Try the rate of the recipe: --learning-rate ${usual.learningRate}`;
  }
  if (reason === "patience") {
    return `--patience ${training.patience} ended the training after ${step} steps. Try a larger number, or 0 for no limit`;
  }
  const isFixed = (SCHEDULE_OPTIONS[training.schedule] as readonly string[]).includes("epochs");
  if ((recipe === "fast" || asksMost(problem)) && epoch < SHORT * usual.epochs) {
    return `It took ${formatCount(epoch * anEpoch)} examples, which is too few. ${
      adviseLonger(isFixed, usual.epochs)
    }`;
  }
  if (!isFixed && isImproving(history)) {
    return `It was still learning. ${adviseLonger(isFixed, 4 * epoch)}`;
  }
  if (model.hiddenSize < LEAST_UNITS || model.layers > MOST_LAYERS || model.cell === "simple") {
    return `Train a new run with the model that learns best: --hidden-size ${
      Math.max(ENOUGH_UNITS, model.hiddenSize)
    } --layers 1 --cell lstm`;
  }
  if (findRecipe({ problem, model, examples: anEpoch }).worst === undefined) {
    return `No training is known that learns this for certain. ${
      adviseMore(problem)
    }, or for longer: --epochs ${4 * epoch}`;
  }
  if (!training.fresh) return adviseMore(problem);
  return exactMatch > LEARNED_SOMETHING
    ? `Other first weights may do better: --seed ${settings.problem.seed + 1}`
    : `Train a new run for longer: --epochs ${4 * epoch}`;
}

function adviseLonger(isFixed: boolean, epochs: number): string {
  return isFixed
    ? `Train a new run longer: --epochs ${epochs}`
    : `Train it longer: --resume --epochs ${epochs}`;
}

/** Advises more questions; of larger numbers if all are used. */
function adviseMore(problem: Problem): string {
  const { generated, settings: { digits } } = problem;
  if (generated === undefined) return "Train a new run with more pairs";
  if (!asksMost(problem) || digits === undefined) {
    return "Train a new run with other questions in every epoch: --examples stream";
  }
  return `There are hardly any other questions. Train a new run with larger numbers: --digits ${
    Number(digits) + 1
  }`;
}

/** Says whether most of the questions that exist are asked. */
function asksMost({ generated }: Problem): boolean {
  return generated?.every !== undefined && 2 * generated.count >= generated.every.count;
}

function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

function isImproving(history: readonly EpochMetrics[]): boolean {
  const [before, last] = history.slice(-2);
  return before !== undefined && last !== undefined &&
    last.validationLoss < (1 - IMPROVEMENT) * before.validationLoss;
}
