/** A model that TensorFlow.js has saved, or its converter, as a checkpoint. @module */
import { checkValue } from "../../arguments/resolve_options.ts";
import { instanceOf } from "../../arguments/rule.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { checkImportOptions, type ImportOptions, toCheckpoint } from "../foreign_model.ts";
import { parseConfig } from "../keras/parse_config.ts";
import { checkAgreement, readModel } from "../keras/weighted_layers.ts";
import { parseModelFile } from "./parse_model_file.ts";
import { readWeights } from "./read_weights.ts";
import { IMPORT_ACTION, MODEL_FILE } from "./tfjs_format.ts";

/**
 * Reads a model in TensorFlow.js's format layers-model: one that `model.save()` has written, or the converter of tensorflowjs from
 * Keras 2, or {@linkcode exportTfjs}. It must be a Sequential, or a functional model, of an LSTM, GRU (`reset_after` false) or
 * SimpleRNN, RepeatVector, the same recurrent layer once or several times, and Dense with softmax. Anything else is refused by its
 * name. The format has no state of an optimiser: training goes on with a new one.
 *
 * @param files `model.json` and the files that it names, by name. Others are not read
 * @throws {TypeError} if an argument or an option has a wrong type
 * @throws {SyntaxError} if a file is damaged, or not as the format says
 * @throws {RangeError} if the model is not one of ours, or its symbols or its problem are not known and not given
 * @example
 * ```ts
 * import { characterLayout } from "@carry/seq2seq";
 * import { importTfjs } from "@carry/seq2seq/interop";
 * import * as tf from "@tensorflow/tfjs";
 * import { assertEquals } from "@std/assert";
 *
 * const model = tf.sequential();
 * model.add(tf.layers.simpleRNN({ units: 8, inputShape: [5, 12] }));
 * model.add(tf.layers.repeatVector({ n: 3 }));
 * model.add(tf.layers.simpleRNN({ units: 8, returnSequences: true }));
 * model.add(tf.layers.dense({ units: 12, activation: "softmax" }));
 * const files = new Map<string, Uint8Array>();
 * await model.save(tf.io.withSaveHandler(({ modelTopology, weightSpecs, weightData }) => {
 *   const paths = ["weights.bin"];
 *   files.set("model.json", new TextEncoder().encode(JSON.stringify({
 *     ...{ format: "layers-model", modelTopology },
 *     weightsManifest: [{ paths, weights: weightSpecs }],
 *   })));
 *   files.set("weights.bin", new Uint8Array(weightData as ArrayBuffer));
 *   return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } });
 * }));
 * const checkpoint = importTfjs(files, {
 *   layout: characterLayout(" +0123456789", { inputLength: 5, outputLength: 3, reverse: true }),
 *   problem: { name: "addition", digits: 2, seed: 1 },
 * });
 * assertEquals(checkpoint.model.hiddenSize, 8);
 * ```
 */
export function importTfjs(
  files: ReadonlyMap<string, Uint8Array>,
  options: ImportOptions = {},
): Checkpoint {
  const checked = checkImportOptions(IMPORT_ACTION, options);
  checkValue(IMPORT_ACTION, "the files", files, instanceOf(Map));
  const { writer, model, groups, portable } = parseModelFile(takeModelFile(files));
  const { config, weights } = renameKeras(() => {
    const config = parseConfig(model);
    const weights = readModel(readWeights(groups, files, config.names));
    checkAgreement(weights, config);
    return { config, weights };
  });
  const { inputLength, outputLength } = config;
  return toCheckpoint({
    ...{ ...weights, inputLength, outputLength },
    ...{ writer, optimizer: undefined, portable },
  }, checked);
}

/** Reads what TensorFlow.js has of Keras. Its errors then name TensorFlow.js. */
function renameKeras<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    const ErrorClass = error instanceof RangeError ? RangeError : SyntaxError;
    const reason = error.message.replace(/^Cannot import the [^:]* model: /, "");
    throw new ErrorClass(`Cannot ${IMPORT_ACTION}: ${reason}`, { cause: error });
  }
}

/**
 * Names the files of weights that a `model.json` needs beside it, each once. Each is a plain name: it leads to no other folder.
 *
 * @throws {SyntaxError | RangeError} as {@linkcode importTfjs} does
 * @example
 * ```ts
 * import { listTfjsFiles } from "@carry/seq2seq/interop";
 * import { assertEquals } from "@std/assert";
 *
 * const modelFile = new TextEncoder().encode(JSON.stringify({
 *   ...{ format: "layers-model", modelTopology: {} },
 *   weightsManifest: [{ paths: ["weights.bin"], weights: [] }],
 * }));
 * assertEquals(listTfjsFiles(modelFile), ["weights.bin"]);
 * ```
 */
export function listTfjsFiles(modelFile: Uint8Array): readonly string[] {
  checkValue(IMPORT_ACTION, MODEL_FILE, modelFile, instanceOf(Uint8Array));
  return parseModelFile(modelFile).groups.flatMap(({ paths }) => paths);
}

function takeModelFile(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  for (const bytes of files.values()) {
    checkValue(IMPORT_ACTION, "each file", bytes, instanceOf(Uint8Array));
  }
  const bytes = files.get(MODEL_FILE);
  if (bytes !== undefined) return bytes;
  throw new SyntaxError(
    `Cannot ${IMPORT_ACTION}: one of its files must be ${MODEL_FILE}, but none is`,
  );
}
