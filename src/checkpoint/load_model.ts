/** A trained model from where it was saved. @module */
import { createModel, type Model } from "../model/model.ts";
import { type CheckpointChoice, readCheckpointFile, readRun } from "./run_directory.ts";

/** Which weights to load. */
export interface LoadModelOptions {
  /** Which checkpoint of a run directory. Default `latest`. Not used for a file. */
  readonly weights?: CheckpointChoice;
}

/**
 * Loads a trained model from a run directory or a checkpoint file. Needs permission to read it.
 *
 * @throws {Error} if nothing can be read there, with the reason
 * @example
 * ```ts no-run
 * import { loadModel, predict } from "@carry/seq2seq";
 *
 * using model = await loadModel("checkpoints/run-0001");
 * const [prediction] = await predict(model, ["12+34"]);
 * console.log(prediction!.answer); // 46
 * ```
 */
export async function loadModel(path: string, options: LoadModelOptions = {}): Promise<Model> {
  const checkpoint = path.endsWith(".safetensors")
    ? await readCheckpointFile(path)
    : (await readRun(path, options.weights)).checkpoint;
  return await createModel(checkpoint.model, { parameters: checkpoint.parameters });
}
