/** From pairs to a model that answers, in one call. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { showAs } from "../display/display.ts";
import { createModel } from "../model/create_model.ts";
import type { Model } from "../model/model.ts";
import { GIVEN_PAIRS, type GivenPairs } from "../problem/pairs/given_pairs.ts";
import type { ProblemSettings } from "../problem/problem.ts";
import { createProblem } from "../problem/registry.ts";
import { chooseTraining } from "./choose_training.ts";
import { createTraining } from "./create_training.ts";
import { type Evaluation, viewEvaluation } from "./evaluate.ts";
import {
  ACTION,
  chooseShape,
  type FitOptions,
  type ResolvedFit,
  resolveFit,
  trainingOf,
} from "./fit_options.ts";
import type { EpochMetrics } from "./metrics.ts";
import { viewHistory } from "./view_history.ts";
import { type PreparedPairs, preparePairs } from "./prepare_pairs.ts";
import { train } from "./train.ts";
import type { Training } from "./training.ts";
import { Resources } from "../time/resources.ts";

/** A model that was fitted to pairs. It holds memory on its device: declare it with `using`, or dispose of it. */
export interface FittedModel extends Disposable {
  /** The model, for `predict()` and all that takes a model. */
  readonly model: Model;
  /** How well it answers the pairs that were held back. */
  readonly evaluation: Evaluation;
  /** The metrics of every epoch. */
  readonly history: readonly EpochMetrics[];
  /** The pairs that were held back, as the model reads them. */
  readonly validation: Dataset;
  /** Its training. With `problem` a checkpoint can be taken, from which it can be continued. */
  readonly training: Training;
  /** The settings of the problem, as a checkpoint has them. */
  readonly problem: ProblemSettings;
}

/**
 * Trains a model on pairs of questions and answers.
 *
 * Symbols and lengths are measured in the pairs, which are read once. A tenth of them is held back to measure the model on, all
 * pairs with the same question together. What the model and the training are like is chosen by the number of pairs; every choice
 * can be made by an option. The same pairs and options give the same model, bit for bit on the same device.
 *
 * A question may have features after a tab, separated by semicolons: `go\tV;PST`.
 *
 * @param pairs an array, or another iterable or asynchronous iterable, of which the texts are kept until they are encoded
 * @returns the model, its evaluation and its history
 * @throws {TypeError} if an argument, an option or a pair has a wrong type, or an option is unknown
 * @throws {SyntaxError} if a pair cannot be used, with its number and the reason, unless `badPairs` is `skip`
 * @throws {RangeError} if an option is out of its range, or no model can learn from the pairs, with advice
 * @throws {NonFiniteLossError} if the loss is not finite
 * @throws the signal's reason, if it aborts; all memory is freed
 * @example
 * ```ts
 * import { fit, predict } from "@carry/seq2seq";
 *
 * const pairs = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
 *   .map((question, i) => ({ question, answer: String(i + 1) }));
 * using fitted = await fit(pairs, { hiddenSize: 16, epochs: 5, validation: pairs });
 * const [prediction] = await predict(fitted.model, ["seven"]);
 * console.log(prediction!.answer, fitted.evaluation.exactMatch);
 * ```
 */
export async function fit(
  pairs: GivenPairs,
  options: Partial<FitOptions> = {},
): Promise<FittedModel> {
  const resolved = resolveFit(options);
  checkValue(ACTION, "the pairs", pairs, GIVEN_PAIRS);
  resolved.signal?.throwIfAborted();
  const prepared = await preparePairs(pairs, resolved);
  const { problem, split, skipped, unknownShare } = prepared;
  using resources = new Resources();
  const training = await openTraining(prepared, resolved, resources);
  const { samples, now, signal, onEvent } = resolved;
  await onEvent?.({
    ...{ event: "begin", skipped, unknownShare },
    ...{ trainingExamples: split.training.count, validationExamples: split.validation.count },
  }, { training, problem });
  for await (const event of train(training, split, { samples, now, ...(signal && { signal }) })) {
    await onEvent?.(event, { training, problem });
    if (event.event === "end" && event.reason === "interrupted") signal!.throwIfAborted();
  }
  return describeFitted(training, prepared, resources.move());
}

/** Makes the model and its training. Both are disposed of with the resources. */
async function openTraining(
  { problem, layout, split }: PreparedPairs,
  resolved: ResolvedFit,
  resources: Resources,
): Promise<Training> {
  const { device, seed, now, signal } = resolved;
  const shape = chooseShape(resolved, split.training.count);
  const options = { seed, now, ...(signal && { signal }), ...(device && { device }) };
  const model = resources.use(await createModel({ ...shape, ...layout }, options));
  const task = {
    problem: createProblem(problem, layout),
    model: shape,
    examples: split.training.count,
  };
  return resources.use(createTraining(model, chooseTraining(trainingOf(resolved), task)));
}

/** Gives what `fit()` returns. */
function describeFitted(
  training: Training,
  { problem, split: { validation } }: PreparedPairs,
  owned: Resources,
): FittedModel {
  const { model, progress: { history } } = training;
  const { validationLoss: loss, characterAccuracy, exactMatch } = history.at(-1)!;
  const figures = { loss, characterAccuracy, exactMatch, examples: validation.count };
  return showAs<FittedModel>({
    ...{ model, training, problem, history, validation },
    evaluation: showAs(figures, viewEvaluation),
    [Symbol.dispose]: () => owned[Symbol.dispose](),
  }, ({ history }) => viewHistory(history));
}
