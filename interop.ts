/**
 * Models that leave and come in: Keras, TensorFlow.js, ONNX, safetensors, and event files for TensorBoard. Bytes in, bytes out: nothing
 * here reads or writes a file. What a format needs is loaded when it is used.
 *
 * An export takes a checkpoint, of a run or of a training; an import gives one. The command line does the same with files: `export`,
 * `import`, `train --tensorboard`.
 *
 * @example A model leaves for Keras, and comes in again
 * ```ts
 * import { chooseDevice, createModel, createTraining, predict } from "@carry/seq2seq";
 * import { layOutAddition, resolveAddition } from "@carry/seq2seq/addition";
 * import { takeCheckpoint } from "@carry/seq2seq/checkpoint";
 * import { exportKeras, importKeras } from "@carry/seq2seq/interop";
 * import { assertEquals } from "@std/assert";
 *
 * const problem = resolveAddition({ digits: 1 });
 * const config = { cell: "lstm", hiddenSize: 8, layers: 1, ...layOutAddition(problem, true) } as const;
 * const device = await chooseDevice("cpu");
 * using model = await createModel(config, { device });
 * using training = createTraining(model);
 * const bytes = await exportKeras(await takeCheckpoint(training, problem)); // keras.models.load_model() reads them
 *
 * const back = await importKeras(bytes);
 * using again = await createModel(back.model, { device, parameters: back.parameters });
 * assertEquals(await predict(again, ["1+2"]), await predict(model, ["1+2"]));
 * ```
 *
 * @module
 */
export type { Examples, Language } from "./src/interop/examples.ts";
export type { ImportOptions } from "./src/interop/foreign_model.ts";
export {
  exportKeras,
  exportKerasWeights,
  type KerasExportOptions,
} from "./src/interop/keras/export_keras.ts";
export { importKeras } from "./src/interop/keras/import_keras.ts";
export { KERAS_EXAMPLES, KERAS_WEIGHTS_EXAMPLES } from "./src/interop/keras/keras_examples.ts";
export { exportOnnx } from "./src/interop/onnx/export_onnx.ts";
export { ONNX_EXAMPLES } from "./src/interop/onnx/onnx_examples.ts";
export { exportSafetensors } from "./src/interop/safetensors/export_safetensors.ts";
export { SAFETENSORS_EXAMPLES } from "./src/interop/safetensors/safetensors_examples.ts";
export {
  createEventEncoder,
  type EventEncoder,
  type EventEncoderOptions,
} from "./src/interop/tensorboard/event_encoder.ts";
export type { GraphNode } from "./src/interop/tensorboard/graph_def.ts";
export { drawModelGraph } from "./src/interop/tensorboard/model_graph.ts";
export type {
  HyperparameterValue,
  SessionStatus,
} from "./src/interop/tensorboard/summary_values.ts";
export {
  createTrainingLog,
  type TrainingLog,
  type TrainingLogOptions,
} from "./src/interop/tensorboard/training_log.ts";
export { exportTfjs } from "./src/interop/tfjs/export_tfjs.ts";
export { importTfjs, listTfjsFiles } from "./src/interop/tfjs/import_tfjs.ts";
export { TFJS_EXAMPLES } from "./src/interop/tfjs/tfjs_examples.ts";
