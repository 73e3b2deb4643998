/**
 * Carry: a character-level sequence-to-sequence learner, with compute kernels for WebGPU and for the CPU.
 *
 * Its first problem is addition as text: a model reads `535+61` and writes `596`, as in Keras' addition_rnn notebook.
 * The parts are a data generator, a codec, a dataset, a recurrent encoder–decoder, a training loop that reports events,
 * and checkpoints. Importing and training need no permission; loading and saving files do.
 *
 * @example Train a small model in a few seconds, and let it add
 * ```ts
 * import {
 *   characterLayout, chooseDevice, createDataset, createModel, createTraining, generateAddition, predict, splitDataset,
 *   train,
 * } from "@carry/seq2seq";
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
export type { Example } from "./src/problem/example.ts";
export {
  ADDITION_CHARACTERS,
  additionGroup,
  type AdditionOptions,
  type AdditionSettings,
  countAdditions,
  generateAddition,
  layOutAddition,
  parseAddition,
  practiseAddition,
  resolveAddition,
} from "./src/problem/addition.ts";
export type { ArithmeticSettings } from "./src/problem/arithmetic/settings.ts";
export type { Sampler } from "./src/problem/arithmetic/draw.ts";
export type {
  AskedQuestion,
  GeneratedExamples,
  Grouping,
  Practice,
  Problem,
  ProblemKind,
  ProblemSettings,
} from "./src/problem/problem.ts";
export { createProblem, resolveProblem } from "./src/problem/registry.ts";
export {
  characterLayout,
  type CharacterLayoutOptions,
  type Layout,
  type Normalization,
  type TextLayout,
} from "./src/codec/layout.ts";
export { createTextCodec, type TextCodec, type TextFault } from "./src/codec/text_codec.ts";
export { type CharacterTable, createCharacterTable } from "./src/codec/character_table.ts";
export {
  createDataset,
  createDatasetBuilder,
  type Dataset,
  type DatasetBuilder,
  readExample,
} from "./src/dataset/dataset.ts";
export { type Split, splitDataset, type SplitOptions } from "./src/dataset/split.ts";
export { type OrderOptions } from "./src/dataset/order.ts";
export { type Batch, batches, type BatchOptions } from "./src/dataset/batches.ts";
export { type BackendRequest, chooseDevice, type DeviceOptions } from "./src/device/choose.ts";
export {
  type AnswerOptions,
  type Answers,
  type BackendName,
  type BatchFigures,
  type Device,
  type DeviceReport,
  type Differentiated,
  type Examples,
  type Executor,
  type ExecutorName,
  type HeldExamples,
  type Measurement,
  type MeasureRange,
  type OptimizerState,
  type Steps,
  type StepsPlan,
} from "./src/device/executor.ts";
export { type AdamSettings, type OptimizerSettings } from "./src/device/optimizer.ts";
export { type Cell, type ModelConfig } from "./src/network/config.ts";
export {
  describeLayers,
  type Initializer,
  type Layer,
  type ParameterShape,
} from "./src/network/layers.ts";
export {
  type DenseLayer,
  describeNetwork,
  type Network,
  type NetworkLayer,
  type RecurrentLayer,
} from "./src/network/network.ts";
export { countModelParameters, createModel, type ModelOptions } from "./src/model/create_model.ts";
export { type Model } from "./src/model/model.ts";
export { readParameters, writeParameters } from "./src/model/model_parameters.ts";
export { type NamedTensor } from "./src/network/parameters.ts";
export { summarizeModel, type SummaryOptions } from "./src/network/summary.ts";
export {
  checkQuestion,
  predict,
  type Prediction,
  type PredictOptions,
} from "./src/model/predict.ts";
export { type Recipe, type TrainingOptions } from "./src/training/options.ts";
export { resolveTraining } from "./src/training/resolve_training.ts";
export { type StopAt } from "./src/training/stop_at.ts";
export { type Schedule } from "./src/training/schedule.ts";
export { type EpochMetrics, type MetricName } from "./src/training/metrics.ts";
export {
  type AnswersEvent,
  type EndEvent,
  type EndReason,
  type EpochEvent,
  NonFiniteLossError,
  type Sample,
  type SamplesEvent,
  type StepEvent,
  type TrainingEvent,
} from "./src/training/events.ts";
export { type Clock } from "./src/time/clock.ts";
export { type TurnOptions } from "./src/time/slices.ts";
export { createTraining } from "./src/training/create_training.ts";
export { type TrainingProgress } from "./src/training/progress.ts";
export { type SavedTraining, type Training } from "./src/training/training.ts";
export { train, type TrainOptions } from "./src/training/train.ts";
export { evaluate, type EvaluateOptions, type Evaluation } from "./src/training/evaluate.ts";
export {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "./src/checkpoint/checkpoint.ts";
export { type CheckpointState } from "./src/checkpoint/checkpoint_state.ts";
export { takeCheckpoint } from "./src/checkpoint/take_checkpoint.ts";
export { createNumberedRun, openRun, type OpenRunOptions } from "./src/checkpoint/run_directory.ts";
export { type CheckpointChoice, type FoundCheckpoint, readRun } from "./src/checkpoint/read_run.ts";
export { type RunDirectory, type SaveOptions, saveToRun } from "./src/checkpoint/run_files.ts";
export { type FileSystem, type NewFile, type ReadableFile } from "./src/checkpoint/file_system.ts";
export { loadModel, type LoadModelOptions } from "./src/checkpoint/load_model.ts";
export { drawModel } from "./src/plot/picture.ts";
export { renderPng } from "./src/plot/png.ts";
export { drawCurves } from "./src/plot/curves.ts";
export { type CurvesRun } from "./src/plot/curves_run.ts";
