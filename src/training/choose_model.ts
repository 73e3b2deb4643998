/** Chooses the shape of a model where it is not given, by what is learned. @module */
import {
  checkModelShape,
  type Decoder,
  MODEL_SETTINGS,
  type ModelShape,
} from "../network/config.ts";
import { isPairs } from "../problem/pairs/settings.ts";
import type { ProblemSettings } from "../problem/problem.ts";
import { findPairsRecipe } from "./pairs_recipes.ts";

/** What a model is chosen for. */
export interface ModelTask {
  /** The problem. */
  readonly problem: ProblemSettings;
  /** Number of examples that the model learns from. */
  readonly examples: number;
}

/** The problems that are learned with attention. Of products of two digits the notebook's model answers 35 % right. */
const ATTENTION_PROBLEMS: readonly string[] = ["pairs", "multiplication"];

/**
 * Chooses the decoder: `attention` for people's own pairs and for products, for the other problems that Carry makes itself `repeat`, as
 * in the notebook.
 */
export function chooseDecoder(problem: Pick<ProblemSettings, "name">): Decoder {
  return ATTENTION_PROBLEMS.includes(problem.name) ? "attention" : "repeat";
}

/**
 * Says whether a model reads questions from their last symbol on, unless people choose. With the decoder `repeat` it does, as in the
 * notebook: the beginnings of question and answer are then near each other. Attention looks at any symbol.
 */
export function readsReversed(decoder: Decoder): boolean {
  return decoder === "repeat";
}

/**
 * Says whether a model writes answers from their last symbol on, unless people choose: of a product the last digits follow from few
 * others, and each digit from those after it. Only a decoder with attention reads what it has written.
 */
export function writesReversed(decoder: Decoder, problem: Pick<ProblemSettings, "name">): boolean {
  return decoder === "attention" && problem.name === "multiplication";
}

/**
 * Chooses a model's shape: what is given, and for the rest the notebook's values with the decoder `repeat`, or those of the recipe
 * for as many pairs with `attention`.
 *
 * @throws {TypeError | RangeError} if a value is not possible, or not with the others
 */
export function chooseModel(
  given: Partial<ModelShape>,
  { problem, examples }: ModelTask,
): ModelShape {
  const decoder = given.decoder ?? chooseDecoder(problem);
  const { hiddenSize, layers, cell } = MODEL_SETTINGS;
  const usual = {
    ...{ hiddenSize: hiddenSize.default!, layers: layers.default!, cell: cell.default! },
    ...(decoder === "attention" && isPairs(problem) && findPairsRecipe(examples).model),
  };
  const chosen = Object.entries(given).filter(([, value]) => value !== undefined);
  return checkModelShape({ ...usual, decoder, ...Object.fromEntries(chosen) });
}
