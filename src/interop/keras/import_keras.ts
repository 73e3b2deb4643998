/** Models that Keras has saved. @module */
import { checkValue } from "../../arguments/resolve_options.ts";
import { instanceOf } from "../../arguments/rule.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import {
  checkImportOptions,
  type ForeignModel,
  type ImportOptions,
  toCheckpoint,
} from "../foreign_model.ts";
import { refuse } from "./keras_fault.ts";
import { checkAllTaken, leaveOut } from "./keras_tree.ts";
import { type KerasFile, openKerasFile } from "./open_keras_file.ts";
import { parseConfig } from "./parse_config.ts";
import { takeLegacyLayers } from "./read_legacy_weights.ts";
import { takeLayers } from "./read_weights.ts";
import { takeOptimizer } from "./take_optimizer.ts";
import { checkAgreement, readModel } from "./weighted_layers.ts";

const ACTION = "import the Keras model";
/**
 * Imports a model that Keras has saved: a `.keras` file or a `.weights.h5` file of Keras 3, or an `.h5` file of Keras 2 or 3. It must
 * be a Sequential or functional model of one recurrent layer, RepeatVector, one or more recurrent layers, and Dense (in TimeDistributed
 * or not) with a softmax. Whatever else it has is refused by its name. Nothing in the file is executed.
 *
 * A file of weights alone does not say which activations its layers have: Keras' defaults are taken. Weight decay of AdamW is applied to
 * matrices only, as Keras does after `exclude_from_weight_decay(var_names=["bias"])`.
 *
 * Not looked at: what is measured besides the loss, and how the program is compiled.
 *
 * @throws {SyntaxError} if the file is damaged, or holds what a model here has not
 * @throws {RangeError} if a value is not possible, or the layout or the problem is not known or does not fit
 * @throws {TypeError} if an option is unknown or has a wrong type
 * @example
 * ```ts
 * import { characterLayout, chooseDevice, createModel, createTraining } from "@carry/seq2seq";
 * import { resolveAddition } from "@carry/seq2seq/addition";
 * import { takeCheckpoint } from "@carry/seq2seq/checkpoint";
 * import { exportKeras, importKeras } from "@carry/seq2seq/interop";
 * import { assertEquals } from "@std/assert";
 *
 * using model = await createModel({
 *   cell: "lstm", hiddenSize: 8, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 5, outputLength: 3, reverse: true }),
 * }, { device: await chooseDevice("cpu") });
 * using training = createTraining(model, { recipe: "notebook" });
 * const bytes = await exportKeras(await takeCheckpoint(training, resolveAddition({ digits: 2 })));
 * const checkpoint = await importKeras(bytes);
 * assertEquals(checkpoint.parameters[0]!.name, "lstm/kernel");
 * ```
 */
export async function importKeras(
  bytes: Uint8Array<ArrayBuffer>,
  options: ImportOptions = {},
): Promise<Checkpoint> {
  const given = checkImportOptions(ACTION, options);
  checkValue(ACTION, "the file", bytes, instanceOf(Uint8Array));
  const file = await openKerasFile(bytes);
  const wantsOptimizer = given.optimizer ?? true;
  return toCheckpoint(readForeign(file, wantsOptimizer), given);
}

function readForeign(file: KerasFile, wantsOptimizer: boolean): ForeignModel {
  const { format, tree, portable } = file;
  if (portable !== undefined && portable.model.decoder !== "repeat") {
    throw refuse(
      "it must have the decoder repeat, but has attention; such a model does not come back from Keras",
    );
  }
  const config = file.config && parseConfig(file.config);
  const model = readModel(
    format === "legacy"
      ? takeLegacyLayers(tree, config ? "model_weights" : "")
      : takeLayers(tree, config),
  );
  if (config !== undefined) checkAgreement(model, config);
  const optimizer = wantsOptimizer ? takeOptimizer(file, model) : undefined;
  if (!wantsOptimizer) ["optimizer", "optimizer_weights"].forEach((path) => leaveOut(tree, path));
  leaveOut(tree, "metrics"); // what the last epoch counted
  checkAllTaken(tree);
  return {
    ...{ ...model, optimizer, portable, writer: nameWriter(file.version) },
    ...{ inputLength: config?.inputLength, outputLength: config?.outputLength },
  };
}

/** Names Keras with its version, if it is one. */
function nameWriter(version: unknown): string {
  return typeof version === "string" && /^[\w.+-]{1,40}$/.test(version)
    ? `Keras ${version}`
    : "Keras";
}
