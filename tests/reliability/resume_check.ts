/** A training is stopped after every step, saved, loaded and finished: it must equal one that was not stopped. @module */
import { selectBackend } from "../../src/backend/backend.ts";
import { releaseThreads, setThreads } from "../../src/backend/threads.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { createModel } from "../../src/model/model.ts";
import { train } from "../../src/training/train.ts";
import { createTraining, type Training } from "../../src/training/training.ts";
import { createTestClock, makeTinySplit, TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";
import { createFailures, type Outcome } from "./check.ts";

/** 50 examples in batches of 7 are 8 steps an epoch, the last one of a single example. */
const OPTIONS = { epochs: 4, batchSize: 7, seed: 5 };
const STEPS = 32;
/** Large enough that steps are divided among threads. */
const MODEL = { ...TINY_MODEL, hiddenSize: 128 };

/** Tries every step on so many threads. The clock is a test's, so that times are compared too. */
export async function checkResume(threads: number): Promise<Outcome> {
  await selectBackend("cpu");
  setThreads(threads);
  try {
    const whole = await hash(await stopAfter(Infinity));
    const failures = createFailures();
    for (let step = 1; step <= STEPS; step++) {
      const resumed = await hash(await finish(await stopAfter(step)));
      if (resumed !== whole) failures.add(`step ${step}`, [`${resumed} is not ${whole}`]);
    }
    return { trials: STEPS, failures: failures.list, note: `SHA-256 ${whole.slice(0, 16)}…` };
  } finally {
    setThreads(undefined);
    releaseThreads();
  }
}

/** Trains from the beginning and gives the saved state, after a step or at the end. */
async function stopAfter(step: number): Promise<Uint8Array<ArrayBuffer>> {
  using model = await createModel(MODEL, { seed: 1 });
  using training = createTraining(model, OPTIONS);
  return await run(training, step);
}

async function finish(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const saved = await decodeCheckpoint(bytes);
  using model = await createModel(saved.model, { parameters: saved.parameters });
  using training = createTraining(model, saved.training, saved);
  return await run(training, Infinity);
}

async function run(training: Training, stopAt: number): Promise<Uint8Array<ArrayBuffer>> {
  const options = { samples: 0, now: createTestClock() };
  for await (const event of train(training, makeTinySplit(), options)) {
    if (event.event === "step" && event.step === stopAt) break;
  }
  return await encodeCheckpoint(await takeCheckpoint(training, TINY_PROBLEM));
}

/** Weights, Adam's moments, position, history and settings: all that is in a checkpoint. */
async function hash(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
