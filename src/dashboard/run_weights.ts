/** The newest weights of a run's directory, loaded when they are asked for and kept while the file's content is the same. @module */
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { readCheckpointHead } from "../checkpoint/checkpoint_head.ts";
import { type CheckpointChoice, readRun } from "../checkpoint/read_run.ts";
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

/** The weights of a run. They hold a model: declare them with `await using`, or dispose of them. */
export interface RunWeights extends AsyncDisposable {
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
  let loaded: { readonly weights: LoadedWeights; readonly content: string } | undefined;
  let split: { readonly problem: string; readonly make: () => Promise<Split> } | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  async function load(): Promise<LoadedWeights> {
    const content = await identify(path, choice);
    if (content !== undefined && loaded?.content === content) return loaded.weights;
    const { checkpoint, skipped } = await readRun(path, choice);
    skipped.forEach(onPassedOver);
    const model = await createModel(checkpoint.model, { parameters: checkpoint.parameters });
    loaded?.weights.model[Symbol.dispose]();
    const problem = JSON.stringify(checkpoint.problem);
    if (split?.problem !== problem) {
      split = { problem, make: once(() => prepareSplit(checkpoint.problem)) };
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
      queue = next.catch(() => {}); // its caller has the error
      return next;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await queue;
      loaded?.weights.model[Symbol.dispose]();
    },
  };
}

/**
 * Names the content of a checkpoint, and the run in its directory. Neither an inode nor a size and a time would do: another run's
 * file may have the same.
 *
 * @returns undefined where there is none, or it is damaged: an older one may be there
 */
async function identify(path: string, choice: CheckpointChoice): Promise<string | undefined> {
  const latest = await readCheckpointHead(`${path}/latest.safetensors`);
  const chosen = choice === "latest"
    ? latest
    : await readCheckpointHead(`${path}/${choice}.safetensors`);
  return chosen && `${chosen.sha256} ${latest?.runId}`;
}

/** Does something when it is first asked for, and again after a failure. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () =>
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
}

async function answerAll(model: Model, { validation }: Split): Promise<Uint8Array> {
  const answers = new Uint8Array(validation.count * validation.outputLength);
  await evaluate(model, validation, { answers });
  return answers;
}
