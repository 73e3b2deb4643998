/** Chooses everything that decides what a run computes, from what is given. @module */
import { directAnswers, type Layout } from "../codec/layout.ts";
import { checkModelConfig, type ModelConfig, type ModelShape } from "../network/config.ts";
import type { ProblemSettings } from "../problem/problem.ts";
import { createProblem } from "../problem/registry.ts";
import { chooseModel, readsReversed, writesReversed } from "./choose_model.ts";
import { chooseTraining } from "./choose_training.ts";
import type { TrainingOptions } from "./options.ts";
import { checkDropout } from "./regularization.ts";
import { resolveTraining } from "./resolve_training.ts";
import { countTrainingExamples } from "./training_examples.ts";

/** Everything that decides what a run computes. */
export interface Settings {
  readonly problem: ProblemSettings;
  readonly model: ModelConfig;
  readonly training: TrainingOptions;
}

/** What is given of model and training. */
export interface GivenSettings {
  readonly model: Partial<ModelShape>;
  readonly training: Partial<TrainingOptions>;
  /** Whether the model writes answers from their last symbol on. Default: as the problem is learned best. */
  readonly reverseAnswers?: boolean;
}

/**
 * Fills in what is not given of model and training, by the problem and its number of examples.
 *
 * @throws {TypeError | RangeError} if a value is not possible
 */
export function chooseSettings(
  given: GivenSettings,
  { problem, layout }: { readonly problem: ProblemSettings; readonly layout: Layout },
): Settings {
  const examples = countTrainingExamples({ problem, model: layout });
  const shape = chooseModel(given.model, { problem, examples });
  const reverse = given.reverseAnswers ?? writesReversed(shape.decoder, problem);
  const model = checkModelConfig({ ...shape, ...directAnswers(layout, reverse) });
  const task = { problem: createProblem(problem, model), model, examples };
  return { problem, model, training: chooseTraining(given.training, task) };
}

/**
 * Says whether the model of a problem reads questions from their last symbol on, unless people choose.
 *
 * @throws {TypeError | RangeError} if the shape is not possible
 */
export function chooseReversal(given: Partial<ModelShape>, problem: ProblemSettings): boolean {
  return readsReversed(chooseModel(given, { problem, examples: 1 }).decoder);
}

/**
 * Checks what is given of model and training before the pairs to learn from are read, which may take long.
 *
 * @throws {TypeError | RangeError} if a value is not possible, whatever the pairs are
 */
export function checkGivenSettings(given: GivenSettings, problem: ProblemSettings): void {
  const { decoder } = chooseModel(given.model, { problem, examples: 1 });
  checkDropout(resolveTraining(given.training).dropout, decoder);
}
