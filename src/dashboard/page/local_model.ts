/** A trained model that answers in a page, without a server. @module */
import { decodeCheckpoint } from "../../checkpoint/checkpoint.ts";
import { createTextCodec } from "../../codec/text_codec.ts";
import { createCpuDevice } from "../../device/cpu/cpu_device.ts";
import { readAnswer, readProbabilities } from "../../model/answer.ts";
import { checkQuestion, encodeQuestions } from "../../model/question.ts";
import { describeNetwork } from "../../network/network.ts";
import { checkParameters } from "../../network/parameters.ts";
import { createProblem } from "../../problem/registry.ts";
import type { Answered } from "../protocol.ts";

/** A model in the memory of the compute kernels. Disposing of it frees the memory. */
export interface LocalModel extends Disposable {
  /**
   * Answers a question, as `predict` on the command line does.
   *
   * @throws {SyntaxError} if it is not a question of the problem, or has a symbol that the model does not know
   * @throws {RangeError} if it is too long
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
  const { model: config, progress: { step } } = checkpoint;
  const problem = createProblem(checkpoint.problem, config);
  const [source, target] = [createTextCodec(config.source), createTextCodec(config.target)];
  const values = checkParameters(config, checkpoint.parameters).map((tensor) => tensor.values);
  const executor = await createCpuDevice({ threads: 1 }).load(describeNetwork(config), values);
  return {
    async ask(text): Promise<Answered> {
      const { question, note } = problem.readQuestion(text);
      checkQuestion({ source }, question);
      const sources = encodeQuestions({ source }, [question]);
      const answers = await executor.answer(sources, { probabilities: true });
      return {
        question,
        ...(note !== undefined && { note }),
        ...readAnswer(target, answers, 0),
        symbols: config.target.symbols,
        probabilities: readProbabilities(target, answers.probabilities!, 0),
        step,
      };
    },
    [Symbol.dispose]: () => executor[Symbol.dispose](),
  };
}
