/** Models for Keras: `.keras` files and `.weights.h5` files. @module */
import { resolveOptions, type Rules } from "../../arguments/resolve_options.ts";
import { BOOLEAN, float32, optional } from "../../arguments/rule.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { describeLayers } from "../../network/layers.ts";
import { writeHdf5 } from "../hdf5/write_hdf5.ts";
import { describePortable, PORTABLE_KEY } from "../portable.ts";
import { describeSequential } from "./keras_layers.ts";
import { describeCompile, nextLearningRate } from "./keras_optimizer.ts";
import { makeWeightTree } from "./keras_weights.ts";

/** Options of an export for Keras. */
export interface KerasExportOptions {
  /** Whether the file holds the optimiser's state too: Adam's moments and its number of steps. Default false. */
  readonly optimizer?: boolean;
  /**
   * The learning rate with which training goes on in Keras, above 0. Default: that of the training if it is constant, otherwise that
   * of its next step, and 0.001 if no next step is known.
   */
  readonly learningRate?: number;
}

const RULES: Rules<KerasExportOptions> = {
  optimizer: BOOLEAN,
  learningRate: optional(float32({})),
};

/** The version of Keras whose format this is. */
const KERAS_VERSION = "3.15.1";
/** Largest file whose weights a zip file can hold without the extension Zip64: its fields have 32 bits. */
const MAX_BYTES = 2 ** 32 - 2 ** 20;
/** The time of the entries in the zip file, always the same so that the bytes are. */
const ZIP_TIME = new Date(1980, 0, 1);

/**
 * Writes a model as a `.keras` file, which `keras.models.load_model` of Keras 3 reads without custom code. It is a `Sequential`: the
 * notebook's layers, with one-hot sources (B, T_in, V_in) as its input and probabilities (B, T_out, V_out) as its output. It is
 * compiled with Adam, or AdamW if there is weight decay, so that `fit` trains it at once. The same checkpoint gives the same bytes.
 *
 * Without `optimizer: true` Adam begins anew in Keras, which warns that the file has no state of it.
 *
 * Ours decays matrices only, but a Keras file cannot say that of its AdamW: the configuration has the decay's size, not what
 * `exclude_from_weight_decay` leaves out, and a loaded optimiser is built, so that it refuses this call. Keras decays biases too, unless
 * the program takes a new optimiser: `AdamW.from_config(old.get_config())`, then `exclude_from_weight_decay(var_names=["bias"])`,
 * `build(model.trainable_variables)`, the old one's `variables` assigned to its own, and `model.compile`. Then both train alike. A
 * schedule that is not constant does not go along: Keras goes on with one learning rate.
 *
 * @throws {TypeError | RangeError} if an option is not valid; if the model has the decoder `attention`; if the file would have 4 GiB or
 * more; if the optimiser's state is asked for and the checkpoint has none
 * @example
 * ```ts
 * import { characterLayout, chooseDevice, createModel, createTraining } from "@carry/seq2seq";
 * import { resolveAddition } from "@carry/seq2seq/addition";
 * import { takeCheckpoint } from "@carry/seq2seq/checkpoint";
 * import { exportKeras } from "@carry/seq2seq/interop";
 *
 * using model = await createModel({
 *   cell: "lstm", hiddenSize: 8, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 5, outputLength: 3, reverse: true }),
 * }, { device: await chooseDevice("cpu") });
 * using training = createTraining(model, { recipe: "notebook" });
 * const checkpoint = await takeCheckpoint(training, resolveAddition({ digits: 2 }));
 * const bytes = await exportKeras(checkpoint, { optimizer: true });
 * console.log(`${bytes.length} bytes for a file whose name ends in .keras`);
 * ```
 */
export async function exportKeras(
  checkpoint: Checkpoint,
  options: KerasExportOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { learningRate, weights } = await writeWeights(checkpoint, options);
  const { model, training } = checkpoint;
  const config = {
    ...describeSequential(model, describeLayers(model)),
    compile_config: describeCompile(training, learningRate),
  };
  const metadata = { keras_version: KERAS_VERSION, [PORTABLE_KEY]: describePortable(checkpoint) };
  const { strToU8, zipSync } = await import("fflate");
  return zipSync({
    "metadata.json": strToU8(JSON.stringify(metadata)),
    "config.json": strToU8(JSON.stringify(config)),
    "model.weights.h5": weights,
  }, { level: 0, mtime: ZIP_TIME }); // as Keras writes: weights do not get smaller
}

/**
 * Writes the weights of a model as a `.weights.h5` file, which `model.load_weights` of Keras 3 reads into a model of the same layers
 * (KERAS_WEIGHTS_EXAMPLES has a program that makes it). The same checkpoint gives the same bytes.
 *
 * With `optimizer: true` a compiled model gets the state of its Adam too. See {@linkcode exportKeras} for what differs.
 *
 * @throws {TypeError | RangeError} as {@linkcode exportKeras} does
 * @example
 * ```ts
 * import { characterLayout, chooseDevice, createModel, createTraining } from "@carry/seq2seq";
 * import { resolveAddition } from "@carry/seq2seq/addition";
 * import { takeCheckpoint } from "@carry/seq2seq/checkpoint";
 * import { exportKerasWeights } from "@carry/seq2seq/interop";
 *
 * using model = await createModel({
 *   cell: "lstm", hiddenSize: 8, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 5, outputLength: 3, reverse: true }),
 * }, { device: await chooseDevice("cpu") });
 * using training = createTraining(model, { recipe: "notebook" });
 * const checkpoint = await takeCheckpoint(training, resolveAddition({ digits: 2 }));
 * const bytes = await exportKerasWeights(checkpoint, { learningRate: 0.001 });
 * console.log(`${bytes.length} bytes for a file whose name ends in .weights.h5`);
 * ```
 */
export async function exportKerasWeights(
  checkpoint: Checkpoint,
  options: KerasExportOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { weights } = await writeWeights(checkpoint, options);
  return weights;
}

/** Checks the arguments, and writes the weights. */
async function writeWeights(
  checkpoint: Checkpoint,
  options: KerasExportOptions,
): Promise<{ readonly learningRate: number; readonly weights: Uint8Array<ArrayBuffer> }> {
  const { optimizer, learningRate = nextLearningRate(checkpoint) } = resolveOptions(options, {
    ...{ action: "export the model to Keras", rules: RULES, defaults: { optimizer: false } },
  });
  checkExportable(checkpoint, optimizer);
  const tree = makeWeightTree(checkpoint, optimizer ? learningRate : undefined);
  return { learningRate, weights: await writeHdf5(tree) };
}

function checkExportable({ model, parameters }: Checkpoint, optimizer: boolean): void {
  if (model.decoder !== "repeat") {
    throw new RangeError(
      "Cannot export the model to Keras: its decoder must be repeat, but is attention, whose answers are made symbol by symbol in a loop; ONNX holds it",
    );
  }
  const count = parameters.reduce((sum, { values }) => sum + values.length, 0);
  const bytes = count * Float32Array.BYTES_PER_ELEMENT * (optimizer ? 3 : 1);
  if (bytes <= MAX_BYTES) return;
  throw new RangeError(
    `Cannot export the model to Keras: the file must be below 4 GiB, but its numbers alone have ${bytes} bytes; safetensors holds them`,
  );
}
