/** Stops a training after every step, saves, loads and finishes it; the result must equal that of a training without a stop. @module */
import { selectBackend } from "../../src/backend/backend.ts";
import { holdThreads, releaseThreads, setThreads } from "../../src/backend/threads.ts";
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../src/checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { createModel } from "../../src/model/create_model.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/create_training.ts";
import type { Training } from "../../src/training/training.ts";
import { createTestClock, makeTinySplit, TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";
import { createFailures, type Outcome } from "./check.ts";

/** 50 examples in batches of 7 are 8 steps per epoch; the last one has a single example. */
const OPTIONS = { epochs: 4, batchSize: 7, seed: 5 };
const STEPS = 32;
/** A model that is large enough that steps are divided among threads. */
const MODEL = { ...TINY_MODEL, hiddenSize: 128 };

/** Tries a number of steps, evenly chosen, up to all, on some threads. The clock is simulated, so that times are compared too. */
export async function checkResume(threads: number, trials: number): Promise<Outcome> {
  await selectBackend("cpu");
  setThreads(threads);
  try {
    using _started = holdThreads(); // to start them again for every step would take most of the time
    const { whole, stops } = await trainAndStop();
    const failures = createFailures();
    const every = Math.max(1, Math.floor(STEPS / trials));
    const chosen = [...stops.entries()].filter(([i]) => i % every === 0);
    for (const [i, stopped] of chosen) {
      const resumed = await hash(await finish(stopped));
      if (resumed !== whole) failures.add(`step ${i + 1}`, [`${resumed} differs from ${whole}`]);
    }
    if (stops.length !== STEPS) failures.add("all", [`there were ${stops.length} steps`]);
    return {
      trials: chosen.length,
      failures: failures.list,
      note: `SHA-256 ${whole.slice(0, 16)}…`,
    };
  } finally {
    setThreads(undefined);
    releaseThreads();
  }
}

/** Trains without a stop, and a second time with a checkpoint after each step. */
async function trainAndStop(): Promise<{ whole: string; stops: Uint8Array<ArrayBuffer>[] }> {
  const stops: Uint8Array<ArrayBuffer>[] = [];
  const whole = await hash(await trainFrom(undefined, () => Promise.resolve()));
  await trainFrom(undefined, async (training) => {
    stops.push(await encodeCheckpoint(await takeCheckpoint(training, TINY_PROBLEM)));
  });
  return { whole, stops };
}

async function finish(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return await trainFrom(await decodeCheckpoint(bytes), () => Promise.resolve());
}

/** Trains to the end, from the beginning or from a checkpoint, and gives the final checkpoint. */
async function trainFrom(
  saved: Checkpoint | undefined,
  afterStep: (training: Training) => Promise<void>,
): Promise<Uint8Array<ArrayBuffer>> {
  using model = await createModel(saved?.model ?? MODEL, {
    seed: 1,
    ...(saved && { parameters: saved.parameters }),
  });
  using training = createTraining(model, saved?.training ?? OPTIONS, saved);
  const options = { samples: 0, now: createTestClock() };
  for await (const event of train(training, makeTinySplit(), options)) {
    if (event.event === "step") await afterStep(training);
  }
  return await encodeCheckpoint(await takeCheckpoint(training, TINY_PROBLEM));
}

/** Hashes all that is in a checkpoint: weights, Adam's moments, position, history and settings. */
async function hash(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
