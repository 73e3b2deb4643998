/** Prepares the training and the validation examples of a problem. @module */
import { createCharacterTable } from "../codec/character_table.ts";
import { runInTurns, scaleProgress, type Sliced, type TurnOptions } from "../time/slices.ts";
import { encodeExamples } from "./dataset.ts";
import type { OrderOptions } from "./order.ts";
import { divideDataset, type Split } from "./split.ts";
import {
  ADDITION_CHARACTERS,
  additionAnswerLength,
  additionLayout,
  type AdditionProblem,
  generateAddition,
} from "../problem/addition.ts";
import { practiseAddition } from "../problem/addition_practice.ts";

/** Share of the questions held back for validation. */
const VALIDATION_SHARE = 0.1;

/**
 * Checks that a problem has enough questions to hold some back, before any is generated.
 *
 * @throws {RangeError} if it has too few
 */
export function checkCanSplit(problem: Pick<AdditionProblem, "examples">): void {
  const { examples } = problem;
  if (countTrainingSplit(problem) < examples) return;
  throw new RangeError(
    `Cannot train on ${examples} examples: at least ${
      Math.ceil(1 / VALIDATION_SHARE)
    } are needed to hold a tenth of them back for validation`,
  );
}

/** Counts the questions on the training side of a problem's split, before any is generated. */
export function countTrainingSplit({ examples }: Pick<AdditionProblem, "examples">): number {
  return examples - Math.floor(examples * VALIDATION_SHARE);
}

/** The options that determine a split. A checkpoint has them, and so do the settings of a run. */
export interface SplitRecipe {
  /** The problem. */
  readonly problem: AdditionProblem;
  /** How examples are taken: if `weighted`, some questions are never held back. */
  readonly training: Pick<OrderOptions, "swap" | "weighted"> & Partial<OrderOptions>;
}

/**
 * Generates the questions of a problem and splits them. The same problem and training give the same split. Timers, signals and
 * servers keep working meanwhile. Progress is counted in questions.
 *
 * @throws {RangeError} if the problem is out of range, or has too few questions to hold any back
 * @throws the signal's reason, if it aborts
 */
export function prepareSplit(recipe: SplitRecipe, options: TurnOptions = {}): Promise<Split> {
  return runInTurns(generateSplit(recipe), recipe.problem.examples, options);
}

/** Generates and splits; yields the number of questions made. */
function* generateSplit({ problem, training: { swap, weighted } }: SplitRecipe): Sliced<Split> {
  checkCanSplit(problem);
  const table = createCharacterTable(ADDITION_CHARACTERS);
  const layout = additionLayout(problem);
  const dataset = yield* encodeExamples(generateAddition(problem), table, {
    inputLength: layout.length,
    outputLength: additionAnswerLength(problem),
  });
  const { swapOf, weightOf, keep } = practiseAddition(layout);
  const dividing = divideDataset(dataset, {
    seed: problem.seed,
    validationShare: VALIDATION_SHARE,
    ...(swap && { swapOf }),
    ...(weighted && { weightOf, keep }),
  });
  return yield* scaleProgress(dividing, () => dataset.count); // an eighth of the time; with swap, most of it
}
