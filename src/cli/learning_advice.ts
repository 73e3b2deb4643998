/** Advice for a training that has ended without a model that has learned its task. @module */
import { countTrainingSplit } from "../dataset/prepare_split.ts";
import { type AdditionSettings, countAdditions } from "../problem/addition.ts";
import { describeDigits } from "../problem/arithmetic/words.ts";
import type { EpochMetrics } from "../training/metrics.ts";
import { resolvePractice } from "../training/resolve_training.ts";
import type { EndReason } from "../training/events.ts";
import { SCHEDULE_OPTIONS } from "../training/schedule.ts";
import type { Settings } from "./settings.ts";

/** Below this share of correct answers, a model has not learned its task. */
const LEARNED = 0.5;

/*
 * The limits below are from runs of the recipe `fast` with 128 units, by exact match, seed 1. After 2500 steps and more it was 20 %
 * with all 50 questions of 1 digit, 20 and 52 % with 270 and 450 of 2 digits, 6, 45 and 89 % with 450, 900 and 2700 of 3 digits.
 * With 1800 questions of 2 digits and 4500 of 3 it was 51 % and 16 % after 350 steps, 99 % and 92 % after 2500. With 45,000
 * questions of 4 digits it was 97 % after 2816 steps; of 5 digits, 52, 76 and 96 % after 2816, 5632 and 11,264.
 */

/** Fewer questions than this are too few to learn addition, for up to two digits and for more. */
const FEW_QUESTIONS = 500;
const FEW_QUESTIONS_OF_THREE_DIGITS = 1000;
/** Fewer steps than this are too few, for up to four digits and for more. */
const FEW_STEPS = 2000;
const FEW_STEPS_OF_LARGE_NUMBERS = 10_000;
const LARGE_DIGITS = 5;
/** A number of steps that was enough. */
const ENOUGH_STEPS = 2500;
/** A learning rate this many times higher or lower than that of the recipe is a likely cause. */
const FAR_RATE = 5;
/** The default hidden size, which is enough for up to 3 digits. */
const ENOUGH_UNITS = 128;
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
  if (last === undefined || last.exactMatch >= LEARNED) return undefined;
  const match = `${(100 * last.exactMatch).toFixed(2)} %`;
  return `The model has not learned to add: it answers ${match} of the validation questions correctly. ${
    findAdvice(settings, history, reason)
  }`;
}

function findAdvice(
  settings: Settings,
  history: readonly EpochMetrics[],
  reason: Exclude<EndReason, "interrupted">,
): string {
  const { model, training } = settings;
  const problem = settings.problem as AdditionSettings;
  const { loss, validationLoss, step, epoch } = history.at(-1)!;
  const questions = countTrainingSplit(problem.examples);
  const usual = resolvePractice({ recipe: training.recipe }, model.cell).learningRate;
  const ratio = training.learningRate / usual;
  if (questions < (problem.digits < 3 ? FEW_QUESTIONS : FEW_QUESTIONS_OF_THREE_DIGITS)) {
    return `It was trained on ${questions} questions, which is too few. ${adviseMore(problem)}`;
  }
  if (loss < validationLoss / 2 && loss < 0.5) {
    const losses = `loss ${loss.toFixed(4)}, validation loss ${validationLoss.toFixed(4)}`;
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
    return `--patience ${training.patience} ended the training after ${step} steps. Try a larger number, or 0 for no limit`;
  }
  const isFixed = (SCHEDULE_OPTIONS[training.schedule] as readonly string[]).includes("epochs");
  const fewSteps = problem.digits < LARGE_DIGITS ? FEW_STEPS : FEW_STEPS_OF_LARGE_NUMBERS;
  if (step < fewSteps || (!isFixed && isImproving(history))) {
    const epochs = Math.max(4 * epoch, Math.ceil(ENOUGH_STEPS / (step / epoch)));
    const how = isFixed ? "Train a new run longer" : "Train it longer";
    return `It was trained for ${step} steps, which is too few. ${how}: ${
      isFixed ? "" : "--resume "
    }--epochs ${epochs}`;
  }
  const hiddenSize = Math.max(ENOUGH_UNITS, 2 * model.hiddenSize);
  return `It was trained for ${step} steps, which is usually enough. Train a new run with a larger model: --hidden-size ${hiddenSize}`;
}

/** Advises more questions of the same numbers, or of larger numbers if all are used. */
function adviseMore({ digits, examples }: AdditionSettings): string {
  const pairs = countAdditions(digits);
  const usual = Math.min(pairs, 50_000);
  if (examples < usual) return `Train a new run with more questions: --examples ${usual}`;
  return examples < pairs
    ? `Train a new run with more questions: --examples ${Math.min(pairs, 4 * examples)}`
    : `There are no more questions of ${
      describeDigits({ digits, base: 10 })
    }. Train a new run with larger numbers: --digits ${digits + 1}`;
}

function isImproving(history: readonly EpochMetrics[]): boolean {
  const [before, last] = history.slice(-2);
  return before !== undefined && last !== undefined &&
    last.validationLoss < (1 - IMPROVEMENT) * before.validationLoss;
}
