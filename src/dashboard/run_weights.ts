/** The newest weights of a run. They are loaded when they are needed, and kept until the content of their file changes. @module */
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { readCheckpointHead } from "../checkpoint/checkpoint_head.ts";
import { type CheckpointChoice, readRun } from "../checkpoint/read_run.ts";
import { openSplit } from "../checkpoint/open_split.ts";
import type { Split } from "../dataset/split.ts";
import type { Device } from "../device/executor.ts";
import { createModel } from "../model/create_model.ts";
import type { Model } from "../model/model.ts";
import { evaluate } from "../training/evaluate.ts";

/** A checkpoint, its model and its examples. */
export interface LoadedWeights {
  readonly checkpoint: Checkpoint;
  readonly model: Model;
  /** Generates the examples of the run, once. */
  split(): Promise<Split>;
  /** Answers the validation split, once. @returns indices of characters, uint8 (N, T_out) */
  answers(): Promise<Uint8Array>;
}

/** The weights of a run. They hold a model: declare them with `await using`, or dispose of them. */
export interface RunWeights extends AsyncDisposable {
  /**
   * Does something with the newest weights. Nothing else is done with them meanwhile, and they are not replaced.
   *
   * @throws {Error} if no checkpoint can be read, with the reason
   */
  use<T>(work: (loaded: LoadedWeights) => Promise<T>): Promise<T>;
}

/** Which weights to load, and where. */
export interface RunWeightsOptions {
  /** The device of the model. */
  readonly device: Device;
  /** Which checkpoint. Default `latest`. */
  readonly choice?: CheckpointChoice;
  /** Called for every newer checkpoint that cannot be used, with the reason. */
  readonly onSkipped?: (reason: string) => void;
}

/** Makes the weights of a run available. It reads nothing yet. */
export function openRunWeights(
  path: string,
  { device, choice = "latest", onSkipped = () => {} }: RunWeightsOptions,
): RunWeights {
  let loaded: { readonly weights: LoadedWeights; readonly content: string } | undefined;
  let split: { readonly of: string; readonly make: () => Promise<Split> } | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  async function load(): Promise<LoadedWeights> {
    const content = await identify(path, choice);
    if (content !== undefined && loaded?.content === content) return loaded.weights;
    const { checkpoint, skipped } = await readRun(path, choice);
    skipped.forEach(onSkipped);
    const { model: config, parameters } = checkpoint;
    const model = await createModel(config, { device, parameters });
    loaded?.weights.model[Symbol.dispose]();
    const { problem, training: { weighted } } = checkpoint;
    const of = JSON.stringify({ problem, weighted });
    if (split?.of !== of) {
      const training = { weighted, swap: false, fresh: false }; // nothing is trained here, and what is held back does not depend on it
      split = { of, make: once(() => openSplit({ problem, model: config, training })) };
    }
    const { make } = split;
    const weights: LoadedWeights = {
      checkpoint,
      model,
      split: make,
      answers: once(async () => await answerAll(model, await make())),
    };
    loaded = { weights, content: content ?? "" };
    return weights;
  }

  return {
    use<T>(work: (loaded: LoadedWeights) => Promise<T>): Promise<T> {
      const next = queue.then(async () => await work(await load()));
      queue = next.catch(() => {}); // the caller of `use` has the error
      return next;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await queue;
      loaded?.weights.model[Symbol.dispose]();
    },
  };
}

/**
 * Names the content of a checkpoint, and the run in its directory. The inode, size and time would not do: the file of another run
 * may have the same.
 *
 * @returns undefined if the file is missing or is no checkpoint
 */
async function identify(path: string, choice: CheckpointChoice): Promise<string | undefined> {
  const latest = await readCheckpointHead(`${path}/latest.safetensors`);
  const chosen = choice === "latest"
    ? latest
    : await readCheckpointHead(`${path}/${choice}.safetensors`);
  return chosen && `${chosen.sha256} ${latest?.runId}`;
}

/** Computes something when it is first needed, and again after a failure. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () =>
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
}

async function answerAll(model: Model, { validation }: Split): Promise<Uint8Array> {
  const answers = new Uint8Array(validation.count * validation.target.length);
  await evaluate(model, validation, { answers });
  return answers;
}
