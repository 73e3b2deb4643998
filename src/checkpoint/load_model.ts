/** Loads a trained model from a run, a checkpoint file, or a checkpoint's bytes. @module */
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { choice, type Fault, optional, PATH, type Rule } from "../arguments/rule.ts";
import type { Device } from "../device/executor.ts";
import { createModel, DEVICE } from "../model/create_model.ts";
import type { Model } from "../model/model.ts";
import { type Checkpoint, decodeCheckpoint } from "./checkpoint.ts";
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
  /** Which checkpoint of a run directory. Default `latest`. It has no effect for a file or bytes. */
  readonly weights?: CheckpointChoice;
}

const ACTION = "load a model";

const RULES: Rules<LoadModelOptions> = {
  device: optional(DEVICE),
  weights: choice(CHECKPOINT_CHOICES),
};

const SOURCE: Rule<string | Uint8Array<ArrayBuffer>> = {
  must: "a path, or the bytes of a checkpoint",
  findFault: (value): Fault | undefined =>
    value instanceof Uint8Array ? undefined : PATH.findFault(value),
};

/**
 * Loads a trained model from a run directory or a checkpoint file, which needs Deno and permission to read it, or from the bytes
 * of such a file, on any platform.
 *
 * @throws {TypeError | RangeError} if an argument has a wrong type or an option a wrong value
 * @throws {Error} if no checkpoint can be read, with the reason
 * @throws {SyntaxError} if bytes are damaged or are not a checkpoint, with the first fault
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
 * @example In a program that reads the file itself, or a page
 * ```ts
 * import { loadModel, type Model } from "@carry/seq2seq";
 *
 * async function fetchModel(url: string): Promise<Model> {
 *   return await loadModel(await (await fetch(url)).bytes());
 * }
 * ```
 */
export async function loadModel(
  source: string | Uint8Array<ArrayBuffer>,
  options: LoadModelOptions = {},
): Promise<Model> {
  checkValue(ACTION, "it", source, SOURCE);
  const { weights, device } = resolveOptions(options, {
    action: ACTION,
    rules: RULES,
    defaults: { weights: "latest" },
  });
  const { model, parameters } = await readSource(source, weights);
  return await createModel(model, { parameters, ...(device && { device }) });
}

async function readSource(
  source: string | Uint8Array<ArrayBuffer>,
  weights: CheckpointChoice,
): Promise<Checkpoint> {
  if (source instanceof Uint8Array) return await decodeCheckpoint(source);
  return source.endsWith(".safetensors")
    ? await readCheckpointFile(source)
    : (await readRun(source, weights)).checkpoint;
}
