/**
 * The parts below models and trainings: texts as indices, batches, a network as data, its parameters, and the executor that
 * computes it on a device. For programs that train or inspect a network in their own way.
 *
 * @example Read a text as indices, and look at a model's parameters
 * ```ts
 * import { characterLayout, chooseDevice, createModel } from "@carry/seq2seq";
 * import { createTextCodec, describeNetwork, readParameters } from "@carry/seq2seq/parts";
 * import { assertEquals } from "@std/assert";
 *
 * const layout = characterLayout(" +0123456789", { inputLength: 5, outputLength: 3 });
 * const indices = new Uint8Array(5);
 * createTextCodec(layout.source).write("12+3", indices, 0);
 * assertEquals([...indices], [3, 4, 1, 5, 0]);
 *
 * const config = { cell: "gru", hiddenSize: 8, layers: 1, ...layout } as const;
 * using model = await createModel(config, { device: await chooseDevice("cpu") });
 * const [kernel] = await readParameters(model);
 * assertEquals([kernel!.name, ...kernel!.shape], ["gru/kernel", 12, 24]);
 * assertEquals(describeNetwork(config).layers.length, 3);
 * ```
 *
 * @module
 */
export type { Normalization } from "./src/codec/layout.ts";
export { createTextCodec, type TextCodec, type TextFault } from "./src/codec/text_codec.ts";
export { createDatasetBuilder, type DatasetBuilder, readExample } from "./src/dataset/dataset.ts";
export type { MakeFreshExamples, MakeVariedExamples } from "./src/dataset/split.ts";
export type { OrderOptions } from "./src/dataset/order.ts";
export { type Batch, batches, type BatchOptions } from "./src/dataset/batches.ts";
export type { ChosenSymbols, Decoding, NextSymbols } from "./src/device/decoding.ts";
export type {
  AnswerOptions,
  Answers,
  BackendName,
  BatchFigures,
  DeviceReport,
  Differentiated,
  Examples,
  Executor,
  ExecutorName,
  HeldExamples,
  Measurement,
  MeasureRange,
  OptimizerState,
  Regularization,
  StepRegularization,
  Steps,
  StepsPlan,
} from "./src/device/executor.ts";
export type { AdamSettings, OptimizerSettings } from "./src/device/optimizer.ts";
export type { Cell, ModelShape } from "./src/network/config.ts";
export {
  describeLayers,
  type Initializer,
  type Layer,
  type ParameterShape,
} from "./src/network/layers.ts";
export { describeNetwork } from "./src/network/describe_network.ts";
export type {
  AttentionLayer,
  AttentionNetwork,
  DenseLayer,
  EmbeddingLayer,
  Network,
  NetworkLayer,
  NetworkSides,
  RecurrentLayer,
  RepeatLayer,
  RepeatNetwork,
} from "./src/network/network.ts";
export type { Combination } from "./src/model/combine.ts";
export { readParameters, writeParameters } from "./src/model/model_parameters.ts";
export type { NamedTensor } from "./src/network/parameters.ts";
export type { Recipe } from "./src/training/options.ts";
export { resolveTraining } from "./src/training/resolve_training.ts";
export type { StopAt } from "./src/training/stop_at.ts";
export type { Schedule } from "./src/training/schedule.ts";
export type { EpochMetrics, MetricName } from "./src/training/metrics.ts";
export type {
  AnswersEvent,
  EndEvent,
  EndReason,
  EpochEvent,
  Sample,
  SamplesEvent,
  StepEvent,
} from "./src/training/events.ts";
export type { BeginEvent } from "./src/training/fit_events.ts";
export type { GivenPairs } from "./src/problem/pairs/given_pairs.ts";
export type { GivenNormalization } from "./src/problem/pairs/given_form.ts";
export type { AnswerForm, FeatureOrder } from "./src/problem/pairs/settings.ts";
export type { TextOptions } from "./src/problem/pairs/pair_text.ts";
export type { CountOptions } from "./src/evaluation/assess.ts";
export type { AssessedCell, Confusion } from "./src/evaluation/assessment.ts";
export type { LearnedCell } from "./src/evaluation/cell.ts";
export type { CountedGroups } from "./src/evaluation/group_counter.ts";
export type { AnsweredQuestion } from "./src/evaluation/worst_answers.ts";
export type { EnsembleFigures, MemberFigures } from "./src/evaluation/ensemble_counter.ts";
export type { Interval } from "./src/evaluation/interval.ts";
export type { Calibration, CalibrationBin } from "./src/evaluation/calibration.ts";
export type { Clock } from "./src/time/clock.ts";
export type { Sliced, TurnOptions } from "./src/time/slices.ts";
export type { TrainingProgress } from "./src/training/progress.ts";
export type { SavedTraining } from "./src/training/training.ts";
