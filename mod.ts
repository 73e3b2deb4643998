/**
 * Carry: learns to answer text with text, symbol by symbol, from pairs of questions and answers. Its compute kernels run on WebGPU and
 * on the CPU.
 *
 * `fit()` goes from pairs to a model; `predict()` answers questions with it; `loadModel()` loads one that the command line or a
 * program has saved. Below them are the parts of which `fit()` consists: a dataset, a model on a device, and a training that reports
 * events. Importing and training need no permission; loading and saving files do.
 *
 * More is in other modules of the package: `./addition` has the problems that Carry makes itself, `./checkpoint` saves and continues
 * trainings, `./plot` draws models, curves and attention, `./parts` goes below models and trainings, and `./cli` is the command line.
 *
 * @example Learn from pairs in a few seconds, and answer
 * ```ts
 * import { fit, predict } from "@carry/seq2seq";
 *
 * const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
 * const pairs = Array.from({ length: 250 }, (_, i) => {
 *   const week = 1 + Math.floor(i / 5);
 *   return { question: `${days[i % 5]}, week ${week}`, answer: `W${week}-${1 + i % 5}` };
 * });
 * using fitted = await fit(pairs, { hiddenSize: 64 });
 * console.log(fitted.evaluation.exactMatch); // of the tenth that was held back: 1
 * const [prediction] = await predict(fitted.model, ["Tuesday, week 31"]);
 * console.log(prediction!.answer, prediction!.probability); // W31-2, and how sure the model is
 * ```
 *
 * @example The same in parts: a model that learns to add
 * ```ts
 * import {
 *   characterLayout, chooseDevice, createDataset, createModel, createTraining, predict, splitDataset, train,
 * } from "@carry/seq2seq";
 * import { generateAddition } from "@carry/seq2seq/addition";
 *
 * const layout = characterLayout(" +0123456789", { inputLength: 5, outputLength: 3, reverse: true });
 * const examples = generateAddition({ digits: 2, examples: 5000, seed: 1 });
 * const split = splitDataset(createDataset(examples, layout), { seed: 1 });
 *
 * using model = await createModel({
 *   cell: "lstm", hiddenSize: 64, layers: 1, ...layout,
 * }, { device: await chooseDevice("cpu"), seed: 1 });
 * using training = createTraining(model, { epochs: 20, batchSize: 32 });
 * for await (const event of train(training, split)) {
 *   if (event.event === "epoch") console.log(`epoch ${event.epoch}: exact match ${event.exactMatch}`);
 * }
 * for (const { question, answer } of await predict(model, ["12+34", "7+8"])) {
 *   console.log(`${question}=${answer}`);
 * }
 * ```
 *
 * @module
 */
export { fit, type FittedModel } from "./src/training/fit.ts";
export type { FitOptions } from "./src/training/fit_options.ts";
export type { FitEvent, Fitting } from "./src/training/fit_events.ts";
export { loadEnsemble, type LoadEnsembleOptions } from "./src/checkpoint/load_ensemble.ts";
export { loadModel, type LoadModelOptions } from "./src/checkpoint/load_model.ts";
export { predict, type Prediction, type PredictOptions } from "./src/model/predict.ts";
export type { SearchSettings } from "./src/model/search_settings.ts";
export type { AnswerText } from "./src/model/answer.ts";
export type { AnswerAttention } from "./src/model/answer_attention.ts";
export { checkQuestion } from "./src/model/question.ts";
export { assess, type AssessOptions } from "./src/evaluation/assess.ts";
export type { Assessment } from "./src/evaluation/assessment.ts";
export { evaluate, type EvaluateOptions, type Evaluation } from "./src/training/evaluate.ts";
export type { Example } from "./src/problem/example.ts";
export {
  characterLayout,
  type CharacterLayoutOptions,
  type Layout,
  type TextLayout,
} from "./src/codec/layout.ts";
export { type CharacterTable, createCharacterTable } from "./src/codec/character_table.ts";
export { createDataset, type Dataset } from "./src/dataset/dataset.ts";
export { type Split, splitDataset, type SplitOptions } from "./src/dataset/split.ts";
export { type BackendRequest, chooseDevice, type DeviceOptions } from "./src/device/choose.ts";
export type { Device } from "./src/device/executor.ts";
export type {
  Decoder,
  GivenModelConfig,
  GivenModelShape,
  ModelConfig,
  ModelShape,
} from "./src/network/config.ts";
export { summarizeModel, type SummaryOptions } from "./src/network/summary.ts";
export { countModelParameters, createModel, type ModelOptions } from "./src/model/create_model.ts";
export { createMemory, type Memory, type Recalled } from "./src/model/memory.ts";
export { createEnsemble, type Ensemble, type EnsembleOptions } from "./src/model/ensemble.ts";
export type { Model } from "./src/model/model.ts";
export type { TrainingOptions } from "./src/training/options.ts";
export { createTraining } from "./src/training/create_training.ts";
export type { Training } from "./src/training/training.ts";
export { train, type TrainOptions } from "./src/training/train.ts";
export { NonFiniteLossError, type TrainingEvent } from "./src/training/events.ts";
