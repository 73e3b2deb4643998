/** A model as files that TensorFlow.js reads with `tf.loadLayersModel`. @module */
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { NamedTensor } from "../../network/parameters.ts";
import { checkExported } from "../check_exported.ts";
import { describePortable, PORTABLE_KEY } from "../portable.ts";
import { describeTfjs } from "./describe_tfjs.ts";
import {
  BYTES_PER_WEIGHT,
  FORMAT,
  MAX_WEIGHT_BYTES,
  MODEL_FILE,
  SHARD_BYTES,
} from "./tfjs_format.ts";

const ACTION = "export the model to TensorFlow.js";

/**
 * Writes a model with the decoder `repeat` in TensorFlow.js's format layers-model: `model.json`, and files of weights beside it. The
 * model reads one-hot vectors, float32 (B, T_in, V_in), and gives probabilities, float32 (B, T_out, V_out). Its user-defined metadata
 * have the key `carry`: JSON that says symbols, lengths, reversal and problem.
 *
 * Source: tfjs-layers 4.22, `src/models.ts`; tfjs-core 4.22, `src/io/types.ts`.
 *
 * @returns the files by name
 * @throws {TypeError} if the checkpoint is none
 * @throws {RangeError} if the model has the decoder `attention`, or more than 2 GiB of weights
 * @example
 * ```ts
 * import { characterLayout, chooseDevice, createModel, createTraining } from "@carry/seq2seq";
 * import { resolveAddition } from "@carry/seq2seq/addition";
 * import { takeCheckpoint } from "@carry/seq2seq/checkpoint";
 * import { exportTfjs } from "@carry/seq2seq/interop";
 * import { assertEquals } from "@std/assert";
 *
 * using model = await createModel({
 *   cell: "gru", hiddenSize: 8, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 5, outputLength: 3, reverse: true }),
 * }, { device: await chooseDevice("cpu") });
 * using training = createTraining(model);
 * const files = exportTfjs(await takeCheckpoint(training, resolveAddition({ digits: 2 })));
 * assertEquals([...files.keys()], ["model.json", "group1-shard1of1.bin"]);
 * ```
 */
export function exportTfjs(checkpoint: Checkpoint): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const exported = checkExported(ACTION, checkpoint);
  const { model, parameters } = exported;
  if (model.decoder !== "repeat") {
    throw new RangeError(
      `Cannot ${ACTION}: it must have the decoder "repeat", but has "attention", which TensorFlow.js has no layers for; ONNX can hold it`,
    );
  }
  const shards = writeShards(parameters);
  const names = shards.map((_, i) => `group1-shard${i + 1}of${shards.length}.bin`);
  const weights = parameters.map(({ name, shape }) => ({ name, shape, dtype: "float32" }));
  const description = {
    ...{ format: FORMAT, generatedBy: "Carry", convertedBy: null },
    modelTopology: {
      class_name: "Sequential",
      config: { name: "sequential", layers: describeTfjs(model) },
      ...{ keras_version: "tfjs-layers 4.22.0", backend: "tensor_flow.js" },
    },
    weightsManifest: [{ paths: names, weights }],
    userDefinedMetadata: { [PORTABLE_KEY]: describePortable(exported) },
  };
  return new Map([
    [MODEL_FILE, new TextEncoder().encode(JSON.stringify(description))],
    ...shards.map((bytes, i) => [names[i]!, bytes] as const),
  ]);
}

/** Lays all values out one after the other, little-endian, and divides them. */
function writeShards(parameters: readonly NamedTensor[]): Uint8Array<ArrayBuffer>[] {
  const sizeBytes = parameters.reduce((sum, { values }) => sum + values.length, 0) *
    BYTES_PER_WEIGHT;
  if (sizeBytes > MAX_WEIGHT_BYTES) {
    throw new RangeError(
      `Cannot ${ACTION}: its weights must have at most ${MAX_WEIGHT_BYTES} bytes, but have ${sizeBytes}; safetensors can hold them`,
    );
  }
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  for (const { values: { buffer, byteOffset, byteLength } } of parameters) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return Array.from(
    { length: Math.ceil(sizeBytes / SHARD_BYTES) },
    (_, i) => bytes.slice(i * SHARD_BYTES, (i + 1) * SHARD_BYTES),
  );
}
