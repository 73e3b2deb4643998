/** A trained model that answers in a page, without a server. @module */
import { decodeCheckpoint } from "../../checkpoint/checkpoint.ts";
import { createCharacterTable } from "../../codec/character_table.ts";
import { createCpuDevice } from "../../device/cpu/cpu_device.ts";
import { readAnswer, readProbabilities } from "../../model/answer.ts";
import { encodeQuestions } from "../../model/predict.ts";
import { describeNetwork } from "../../network/network.ts";
import { checkParameters } from "../../network/parameters.ts";
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
  ask(question: string): Promise<Answered>;
}

/**
 * Makes a model from a checkpoint. It uses the compute kernels of the command line, on the page's own thread.
 *
 * @param safetensors a checkpoint, with or without moments
 * @throws {SyntaxError} if it is damaged or is not a checkpoint
 * @throws {TypeError} if its parameters do not fit its shape
 */
export async function createLocalModel(safetensors: Uint8Array): Promise<LocalModel> {
  const checkpoint = await decodeCheckpoint(new Uint8Array(safetensors));
  const { model: config, problem, progress: { step } } = checkpoint;
  const table = createCharacterTable(config.characters);
  const values = checkParameters(config, checkpoint.parameters).map((tensor) => tensor.values);
  const executor = await createCpuDevice({ threads: 1 }).load(describeNetwork(config), values);
  const at = { row: 0, length: config.outputLength };
  return {
    async ask(text): Promise<Answered> {
      const question = readSum(text, problem);
      const sources = encodeQuestions({ config, table }, [question]);
      const answers = await executor.answer(sources, { probabilities: true });
      return {
        question,
        ...readAnswer(table, answers, at),
        characters: config.characters,
        probabilities: readProbabilities(answers.probabilities!, table.size, at),
        step,
      };
    },
    [Symbol.dispose]: () => executor[Symbol.dispose](),
  };
}
