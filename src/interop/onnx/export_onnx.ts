/** A model as a file of ONNX. @module */
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { describeNetwork } from "../../network/describe_network.ts";
import { checkExported } from "../check_exported.ts";
import { describePortable, PORTABLE_KEY } from "../portable.ts";
import { buildAttentionGraph } from "./attention_graph.ts";
import { writeModel } from "./onnx_message.ts";
import { buildRepeatGraph } from "./repeat_graph.ts";

/** Most bytes of the parameters: a file of Protocol Buffers has less than 2 GiB. The rest is for nodes, zeros and the description. */
const MAX_BYTES = 2 ** 31 - 2 ** 26;

/**
 * Writes a model as a file of ONNX: IR version 8, operators of version 17. ONNX Runtime 1.15 (2023) and later answer with it, in
 * Python, Node, browsers and others.
 *
 * It reads `source`, int64 (batch, T_in): indices of symbols, for one source or more (with none, ONNX Runtime may end the
 * process). It gives `target`, int64 (batch, T_out), the
 * most probable symbols, and `probabilities`, float32 (batch, T_out, V), of all symbols. A model with attention makes the answer
 * within the file, symbol by symbol, each the most probable one after those before it: `predict()` does so with a `beam` of 1. It gives
 * also `attention`, float32 (batch, T_out, T_in). After the end of an answer its targets are padding with probability 1, and its
 * attention is 0.
 *
 * The file's metadata has, under the key `carry`, the symbols, lengths and direction of both sides: see `ONNX_EXAMPLES`. It holds no
 * optimiser, so that no training goes on from it.
 *
 * @returns the bytes of the file; the same model gives the same bytes
 * @throws {RangeError} if the file would have 2 GiB or more
 * @throws {TypeError} if the parameters do not fit the model
 * @example
 * ```ts
 * import { characterLayout, chooseDevice, createModel, createTraining } from "@carry/seq2seq";
 * import { resolveAddition } from "@carry/seq2seq/addition";
 * import { takeCheckpoint } from "@carry/seq2seq/checkpoint";
 * import { exportOnnx } from "@carry/seq2seq/interop";
 *
 * using model = await createModel({
 *   cell: "gru", hiddenSize: 8, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 5, outputLength: 3, reverse: true }),
 * }, { device: await chooseDevice("cpu") });
 * using training = createTraining(model);
 * const bytes = exportOnnx(await takeCheckpoint(training, resolveAddition({ digits: 2 })));
 * console.log(`${bytes.length} bytes for a file whose name ends in .onnx`);
 * ```
 */
export function exportOnnx(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const exported = checkExported("export to ONNX", checkpoint);
  const { model, parameters } = exported;
  const network = describeNetwork(model);
  const sizeBytes = parameters.reduce((sum, { values }) => sum + values.byteLength, 0);
  if (sizeBytes > MAX_BYTES) {
    throw new RangeError(
      `Cannot export to ONNX: the parameters must have at most ${MAX_BYTES} bytes, but have ${sizeBytes}; safetensors can hold them`,
    );
  }
  const graph = network.decoder === "attention"
    ? buildAttentionGraph(network, parameters)
    : buildRepeatGraph(network, parameters);
  return writeModel(graph, { [PORTABLE_KEY]: describePortable(exported) });
}
