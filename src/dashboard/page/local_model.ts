/** A trained model that answers in a page, without a server and without tfjs. @module */
import type { TensorInfo } from "@tensorflow/tfjs";
import { type Checkpoint, decodeCheckpoint } from "../../checkpoint/checkpoint.ts";
import { createCharacterTable } from "../../codec/character_table.ts";
import { readAnswer, softmaxRows } from "../../model/answer.ts";
import { kernelLayers } from "../../model/kernel_layers.ts";
import { runNetwork } from "../../model/network.ts";
import { checkParameters } from "../../network/parameters.ts";
import { createTensorStore } from "../../ops/tensor_store.ts";
import { formatQuestion } from "../../problem/question.ts";
import { readSum } from "../../problem/read_sum.ts";
import type { Answered } from "../protocol.ts";

/** A model in the memory of the compute kernels. Disposing of it frees the memory. */
export interface LocalModel extends Disposable {
  /**
   * Answers a sum, as `predict` on the command line does.
   *
   * @throws {SyntaxError} if it is not a sum
   * @throws {RangeError} if a number has too many digits
   */
  ask(question: string): Answered;
}

/**
 * Makes a model from a checkpoint. It uses the compute kernels of the command line.
 *
 * @param safetensors a checkpoint, with or without moments
 * @throws {SyntaxError} if it is damaged or is not a checkpoint
 * @throws {TypeError} if its parameters do not fit its shape
 */
export async function createLocalModel(safetensors: Uint8Array): Promise<LocalModel> {
  const checkpoint = await decodeCheckpoint(new Uint8Array(safetensors));
  const { model: config, problem, progress: { step } } = checkpoint;
  const table = createCharacterTable(config.characters);
  const compute = createNetwork(checkpoint);
  return {
    ask(text): Answered {
      const question = readSum(text, problem);
      const source = formatQuestion(question, {
        length: config.inputLength,
        reverse: config.reverse,
      });
      const logits = compute.run(table.encodeIndices(source, config.inputLength));
      return {
        question,
        ...readAnswer(table, logits),
        characters: config.characters,
        probabilities: softmaxRows(logits, table.size),
        step,
      };
    },
    [Symbol.dispose]: compute[Symbol.dispose],
  };
}

interface Network extends Disposable {
  /** Indices (T_in) in, logits (T_out, V) out. */
  run(source: Uint8Array): Float32Array;
}

function createNetwork({ model: config, parameters: given }: Checkpoint): Network {
  const store = createTensorStore();
  const parameters: TensorInfo[] = checkParameters(config, given).map(({ shape, values }) =>
    store.makeTensorInfo([...shape], "float32", values)
  );
  const layers = kernelLayers(config.cell, store);
  return {
    run: (source) =>
      store.tidy(() => {
        const sources = store.makeTensorInfo([1, source.length], "int32", source);
        const logits = runNetwork(config, { parameters, sources }, layers);
        return store.data.get(logits.dataId).values as Float32Array;
      }),
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}
