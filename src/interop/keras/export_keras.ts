/** Models for Keras: `.keras` files and `.weights.h5` files. @module */
import { type Resolved, resolveOptions, type Rules } from "../../arguments/resolve_options.ts";
import { BOOLEAN, float32, optional } from "../../arguments/rule.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { describeLayers } from "../../network/layers.ts";
import { writeHdf5 } from "../hdf5/write_hdf5.ts";
import { describePortable, PORTABLE_KEY } from "../portable.ts";
import { describeAttention } from "./attention_graph.ts";
import { ACTION, checkKerasExport, type KerasExport } from "./check_keras_export.ts";
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
/** The time of the entries in the zip file, always the same so that the bytes are. */
const ZIP_TIME = new Date(1980, 0, 1);

/**
 * Writes a model as a `.keras` file, which `keras.models.load_model` of Keras 3 reads without custom code (with attention: Keras 3.12 and
 * later, because the layer `Attention` of 3.11 fails with a mask). It is compiled with Adam, or AdamW if there is weight decay, so that
 * `fit` trains it at once. The same checkpoint gives the same bytes.
 *
 * *Decoder `repeat`.* A `Sequential`: the notebook's layers. Input: one-hot sources, float32 (B, T_in, V_in). Output: probabilities,
 * float32 (B, T_out, V_out).
 *
 * *Decoder `attention`.* A functional model with two inputs: indices of the sources, int32 (B, T_in), and of the targets,
 * int32 (B, T_out). The output has the probabilities of the symbol at every position after the target's symbols before it, so that a loop
 * makes an answer: KERAS_EXAMPLES has it. `fit` gets one-hot targets, and as `sample_weight` (B, T_out) 1 for each position up to a
 * target's first padding and 0 after it. Dropout does not go along.
 *
 * *Optimiser.* Without `optimizer: true` Adam begins anew in Keras, which warns that the file has no state of it. A schedule that is not
 * constant does not go along: Keras goes on with one learning rate.
 *
 * Ours decays matrices only, but a Keras file cannot say that of its AdamW, and Keras decays biases too, unless the program calls
 * `model.optimizer.exclude_from_weight_decay(var_names=["bias"])` after `load_model` and before the first step, with which Keras compiles
 * the training. Then both train alike (Keras 3.15.1).
 *
 * @throws {TypeError | RangeError} if an option is not valid; if a model with attention has another source padding than its first symbol,
 * because Keras masks index 0 alone; if the file would have 4 GiB or more; if the optimiser's state is asked for and the checkpoint has none
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
  const { exported, learningRate, weights } = await writeWeights(
    checkpoint,
    resolveKerasOptions(options),
  );
  const { model } = exported;
  const config = {
    ...(model.decoder === "repeat"
      ? describeSequential(model, describeLayers(model))
      : describeAttention(model)),
    compile_config: describeCompile(exported, learningRate),
  };
  const metadata = { keras_version: KERAS_VERSION, [PORTABLE_KEY]: describePortable(exported) };
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
 * With `optimizer: true` a compiled model gets the state of its Adam too. See {@linkcode exportKeras} for what differs. Without it the
 * file holds no learning rate, so that none can be given.
 *
 * @throws {TypeError | RangeError} as {@linkcode exportKeras} does, and if a learning rate is given without `optimizer: true`
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
 * const bytes = await exportKerasWeights(checkpoint);
 * console.log(`${bytes.length} bytes for a file whose name ends in .weights.h5`);
 * ```
 */
export async function exportKerasWeights(
  checkpoint: Checkpoint,
  options: KerasExportOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const resolved = resolveKerasOptions(options);
  if (resolved.learningRate !== undefined && !resolved.optimizer) {
    throw new RangeError(
      `Cannot ${ACTION}: with a learningRate optimizer must be true, because weights alone have no learning rate, but is false`,
    );
  }
  const { weights } = await writeWeights(checkpoint, resolved);
  return weights;
}

/** Options with their defaults. */
type ResolvedKeras = Resolved<KerasExportOptions, { readonly optimizer: boolean }>;

function resolveKerasOptions(options: KerasExportOptions): ResolvedKeras {
  return resolveOptions(options, { action: ACTION, rules: RULES, defaults: { optimizer: false } });
}

/** What was written, and of what. */
interface WrittenWeights {
  readonly exported: KerasExport;
  readonly learningRate: number;
  readonly weights: Uint8Array<ArrayBuffer>;
}

/** Checks the checkpoint, and writes its weights. */
async function writeWeights(
  checkpoint: Checkpoint,
  { optimizer, learningRate: given }: ResolvedKeras,
): Promise<WrittenWeights> {
  const exported = checkKerasExport(checkpoint, optimizer);
  const learningRate = given ?? nextLearningRate(exported);
  const tree = makeWeightTree(exported, optimizer ? learningRate : undefined);
  return { exported, learningRate, weights: await writeHdf5(tree) };
}
