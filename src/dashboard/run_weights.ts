/** The newest weights of a run's directory, loaded when they are asked for and kept while the file stays what it is. @module */
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { type CheckpointChoice, readRun } from "../checkpoint/run_files.ts";
import { prepareSplit } from "../dataset/prepare_split.ts";
import type { Split } from "../dataset/split.ts";
import { createModel, type Model } from "../model/model.ts";
import { evaluate } from "../training/evaluate.ts";

/** Weights, and what they were trained on. */
export interface LoadedWeights {
  readonly checkpoint: Checkpoint;
  readonly model: Model;
  /** Generates the questions of the run, once. */
  split(): Promise<Split>;
  /** Answers the validation split, once: uint8 (N, T_out) indices. */
  answers(): Promise<Uint8Array>;
}

/** A run's weights. They hold a model: declare it with `using`, or dispose of it. */
export interface RunWeights extends Disposable {
  /**
   * Does something with the newest weights. One thing at a time: weights are not replaced while they are in use.
   *
   * @throws {Error} if no checkpoint can be read, with the reason
   */
  use<T>(work: (loaded: LoadedWeights) => Promise<T>): Promise<T>;
}

/** Opens a run's weights; reads nothing yet. */
export function openRunWeights(
  path: string,
  choice: CheckpointChoice = "latest",
  onPassedOver: (reason: string) => void = () => {},
): RunWeights {
  let loaded: { readonly weights: LoadedWeights; readonly file: string } | undefined;
  let split: Promise<Split> | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  async function load(): Promise<LoadedWeights> {
    const file = await identify(`${path}/${choice}.safetensors`);
    if (file !== undefined && loaded?.file === file) return loaded.weights;
    const { checkpoint, skipped } = await readRun(path, choice);
    skipped.forEach(onPassedOver);
    const model = await createModel(checkpoint.model, { parameters: checkpoint.parameters });
    loaded?.weights.model[Symbol.dispose]();
    const splitOnce = (): Promise<Split> => split ??= prepareSplit(checkpoint.problem);
    let answers: Promise<Uint8Array> | undefined;
    const weights: LoadedWeights = {
      checkpoint,
      model,
      split: splitOnce,
      answers: () => answers ??= splitOnce().then((split) => answerAll(model, split)),
    };
    loaded = { weights, file: file ?? "" };
    return weights;
  }

  return {
    use<T>(work: (loaded: LoadedWeights) => Promise<T>): Promise<T> {
      const next = queue.then(async () => await work(await load()));
      queue = next.catch(() => {}); // its caller has the error
      return next;
    },
    [Symbol.dispose]: () => loaded?.weights.model[Symbol.dispose](),
  };
}

/** Says which file has a name now; a checkpoint is never changed, only replaced. */
async function identify(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, size, mtime } = await Deno.stat(path);
    return [dev, ino, size, mtime?.getTime()].join();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined; // an older one may be there
    throw error;
  }
}

async function answerAll(model: Model, { validation }: Split): Promise<Uint8Array> {
  const answers = new Uint8Array(validation.count * validation.outputLength);
  await evaluate(model, validation, { answers });
  return answers;
}
