/** Loads a trained model from a run or a checkpoint file. @module */
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { choice, optional, PATH } from "../arguments/rule.ts";
import type { Device } from "../device/executor.ts";
import { createModel, DEVICE } from "../model/create_model.ts";
import type { Model } from "../model/model.ts";
import {
  CHECKPOINT_CHOICES,
  type CheckpointChoice,
  readCheckpointFile,
  readRun,
} from "./read_run.ts";

/** Which weights to load, and where. */
export interface LoadModelOptions {
  /** The device that computes. Default: as `chooseDevice()` chooses. */
  readonly device?: Device;
  /** Which checkpoint of a run directory. Default `latest`. It has no effect for a file. */
  readonly weights?: CheckpointChoice;
}

const ACTION = "load a model";

const RULES: Rules<LoadModelOptions> = {
  device: optional(DEVICE),
  weights: choice(CHECKPOINT_CHOICES),
};

/**
 * Loads a trained model from a run directory or a checkpoint file. Needs permission to read it.
 *
 * @throws {TypeError | RangeError} if an argument has a wrong type or an option a wrong value
 * @throws {Error} if no checkpoint can be read, with the reason
 * @example
 * ```ts
 * import { characterLayout, createModel, createTraining, loadModel, predict } from "@carry/seq2seq";
 * import { resolveAddition } from "@carry/seq2seq/addition";
 * import { openRun, saveToRun, takeCheckpoint } from "@carry/seq2seq/checkpoint";
 *
 * const path = await Deno.makeTempDir();
 * using model = await createModel({
 *   cell: "lstm", hiddenSize: 8, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 5, outputLength: 3, reverse: true }),
 * });
 * using training = createTraining(model);
 * using run = await openRun(path);
 * await saveToRun(run, await takeCheckpoint(training, resolveAddition({ digits: 2 })));
 *
 * using loaded = await loadModel(path);
 * const [prediction] = await predict(loaded, ["12+34"]);
 * console.log(prediction!.answer); // empty or wrong: the model has learned nothing yet
 * await Deno.remove(path, { recursive: true });
 * ```
 */
export async function loadModel(path: string, options: LoadModelOptions = {}): Promise<Model> {
  checkValue(ACTION, "it", path, PATH);
  const { weights, device } = resolveOptions(options, {
    action: ACTION,
    rules: RULES,
    defaults: { weights: "latest" },
  });
  const checkpoint = path.endsWith(".safetensors")
    ? await readCheckpointFile(path)
    : (await readRun(path, weights)).checkpoint;
  const { model, parameters } = checkpoint;
  return await createModel(model, { parameters, ...(device && { device }) });
}
