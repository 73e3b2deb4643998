/** A trained model that answers in a page, without a server. @module */
import { decodeCheckpoint } from "../../checkpoint/checkpoint.ts";
import { createTextCodec } from "../../codec/text_codec.ts";
import { createCpuDevice } from "../../device/cpu/cpu_device.ts";
import { describeNetwork } from "../../network/describe_network.ts";
import { checkParameters } from "../../network/parameters.ts";
import { createProblem } from "../../problem/registry.ts";
import { answerText } from "../answer_text.ts";
import type { Answered } from "../protocol.ts";

/** A model in the memory of the compute kernels. Disposing of it frees the memory. */
export interface LocalModel extends Disposable {
  /**
   * Answers a question, as the server does.
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
    ask: (text) => answerText({ source, target, executor, problem, step }, text),
    [Symbol.dispose]: () => executor[Symbol.dispose](),
  };
}
