/** The bare parameters of a model as a safetensors file. @module */
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { encodeSafetensors } from "../../checkpoint/safetensors.ts";
import { checkExported } from "../check_exported.ts";
import { describePortable, PORTABLE_KEY } from "../portable.ts";

/**
 * Writes the parameters of a model, of every kind, as a safetensors file: float32, with the names and the layout that they have in
 * Keras, such as `lstm/kernel`. The text `carry` of its metadata says the rest as JSON: the model's shape, symbols, lengths, reversal
 * and problem.
 *
 * Source: huggingface/safetensors, "Format".
 *
 * @throws {TypeError | RangeError} if the checkpoint is none
 * @example
 * ```ts
 * import { characterLayout, chooseDevice, createModel, createTraining } from "@carry/seq2seq";
 * import { resolveAddition } from "@carry/seq2seq/addition";
 * import { takeCheckpoint } from "@carry/seq2seq/checkpoint";
 * import { exportSafetensors } from "@carry/seq2seq/interop";
 *
 * using model = await createModel({
 *   cell: "lstm", hiddenSize: 8, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 5, outputLength: 3, reverse: true }),
 * }, { device: await chooseDevice("cpu") });
 * using training = createTraining(model);
 * const bytes = exportSafetensors(await takeCheckpoint(training, resolveAddition({ digits: 2 })));
 * console.log(`${bytes.length} bytes`);
 * ```
 */
export function exportSafetensors(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const exported = checkExported("export the parameters", checkpoint);
  return encodeSafetensors({
    tensors: exported.parameters,
    metadata: { [PORTABLE_KEY]: describePortable(exported) },
  });
}
