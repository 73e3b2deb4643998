/** What to try where a training has ended and the model has not learned its task. @module */
import { countTrainingSplit } from "../dataset/prepare_split.ts";
import { type AdditionProblem, countAdditions, describeDigits } from "../problem/addition.ts";
import type { EpochMetrics } from "../training/metrics.ts";
import { resolveTraining } from "../training/options.ts";
import type { EndReason } from "../training/events.ts";
import { SCHEDULE_OPTIONS } from "../training/schedule.ts";
import type { Settings } from "./settings.ts";

/** Below this share of right answers a model has not learned its task. */
const LEARNED = 0.5;

/*
 * The limits below are from runs of the recipe `fast` with 128 units. With 1, 2 and 3 digits 50, 900 and 2700 questions never
 * led to half of the answers, however long they were trained on; 1800 of 2 digits and 4500 of 3 led to 97 % and 84 % after
 * 2500 steps, and to 18 % and 3 % after 360. 45,000 of 4 digits led to 94 % after 3520 steps; of 5 digits to 66 % then, and to
 * 99.96 % after 14,080.
 */

/** Fewer questions than this are too few to learn addition from. */
const FEW_QUESTIONS = 1000;
/** Fewer steps than this are too few, for up to four digits and for more. */
const FEW_STEPS = 2000;
const FEW_STEPS_OF_LARGE_NUMBERS = 10_000;
const LARGE_DIGITS = 5;
/** As many steps were enough. */
const ENOUGH_STEPS = 2500;
/** A learning rate so many times that of the recipe, or a fraction so small of it, is a likely cause. */
const FAR_RATE = 5;
/** The default, with which up to 3 digits are learned. */
const ENOUGH_UNITS = 128;
/** A training that lowers the validation loss by this share an epoch goes on learning. */
const IMPROVEMENT = 0.02;

/**
 * Says that a model has not learned its task, and what to try in its case; undefined where it has, or has no epoch behind it.
 *
 * @param reason why the training is over
 */
export function adviseLearning(
  settings: Settings,
  history: readonly EpochMetrics[],
  reason: Exclude<EndReason, "interrupted">,
): string | undefined {
  const last = history.at(-1);
  if (last === undefined || last.exactMatch >= LEARNED) return undefined;
  const match = `${(100 * last.exactMatch).toFixed(2)} %`;
  return `The model has not learned to add: it answers ${match} of the questions that were held back. ${
    findAdvice(settings, history, reason)
  }`;
}

function findAdvice(
  settings: Settings,
  history: readonly EpochMetrics[],
  reason: Exclude<EndReason, "interrupted">,
): string {
  const { problem, model, training } = settings;
  const { loss, validationLoss, step, epoch } = history.at(-1)!;
  const questions = countTrainingSplit(problem);
  const usual = resolveTraining({ recipe: training.recipe }).learningRate;
  const ratio = training.learningRate / usual;
  if (questions < FEW_QUESTIONS) {
    return `It was trained on ${questions} questions, which are too few. ${adviseMore(problem)}`;
  }
  if (loss < validationLoss / 2 && loss < 0.5) {
    const losses = `loss ${loss.toFixed(4)}, and ${validationLoss.toFixed(4)} on others`;
    return `It has memorised the questions that it was trained on (${losses}). ${
      adviseMore(problem)
    }`;
  }
  if (ratio >= FAR_RATE || ratio <= 1 / FAR_RATE) {
    return `The learning rate ${training.learningRate} is ${
      ratio > 1 ? "high" : "low"
    }. Try the rate of the recipe: --learning-rate ${usual}`;
  }
  if (reason === "patience") {
    return `--patience ${training.patience} ended the training after ${step} steps. Try a larger one, or 0 for none`;
  }
  const isFixed = (SCHEDULE_OPTIONS[training.schedule] as readonly string[]).includes("epochs");
  const fewSteps = problem.digits < LARGE_DIGITS ? FEW_STEPS : FEW_STEPS_OF_LARGE_NUMBERS;
  if (step < fewSteps || (!isFixed && isImproving(history))) {
    const epochs = Math.max(4 * epoch, Math.ceil(ENOUGH_STEPS / (step / epoch)));
    const how = isFixed ? "Train a new run longer" : "Train it longer";
    return `It has taken ${step} steps, which are too few. ${how}: ${
      isFixed ? "" : "--resume "
    }--epochs ${epochs}`;
  }
  const hiddenSize = Math.max(ENOUGH_UNITS, 2 * model.hiddenSize);
  return `It has taken ${step} steps, which are usually enough. Train a new run with a larger model: --hidden-size ${hiddenSize}`;
}

/** Says how to have more questions: those that are left, or those of larger numbers. */
function adviseMore({ digits, examples }: AdditionProblem): string {
  const pairs = countAdditions(digits);
  const usual = Math.min(pairs, 50_000);
  if (examples < usual) return `Train a new run with more of them: --examples ${usual}`;
  return examples < pairs
    ? `Train a new run with more of them: --examples ${Math.min(pairs, 4 * examples)}`
    : `There are no more of ${
      describeDigits(digits)
    }. Train a new run with larger numbers: --digits ${digits + 1}`;
}

function isImproving(history: readonly EpochMetrics[]): boolean {
  const [before, last] = history.slice(-2);
  return before !== undefined && last !== undefined &&
    last.validationLoss < (1 - IMPROVEMENT) * before.validationLoss;
}
