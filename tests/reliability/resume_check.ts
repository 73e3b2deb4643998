/** Stops a training after every step, saves, loads and finishes it; the result must equal that of a training without a stop. @module */
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../src/checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import type { BackendName, Device } from "../../src/device/executor.ts";
import { createModel } from "../../src/model/create_model.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/create_training.ts";
import type { Training } from "../../src/training/training.ts";
import { createTestClock, makeTinySplit, TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";
import { createFailures, type Outcome } from "./check.ts";
import { takeSingly } from "./single_steps.ts";

/** Where a training runs, and where it is continued. */
export interface ResumePlan {
  readonly backend: BackendName;
  /** Threads of the CPU until the stop, and after it. On WebGPU they have no meaning. */
  readonly threads: number;
  readonly threadsAfter: number;
}

/** 50 examples in batches of 7 are 8 steps per epoch; the last one has a single example. */
const OPTIONS = { epochs: 4, batchSize: 7, seed: 5 };
const STEPS = 32;
/** On the CPU, a model that is large enough that steps are divided among threads. */
const HIDDEN_SIZES: Readonly<Record<BackendName, number>> = { cpu: 128, webgpu: 24 };

/**
 * Tries a number of steps, evenly chosen, up to all. Both trainings take one step at a time; a third one, without a stop, takes its
 * steps in bunches, as programs do. The clock is simulated, so that times are compared too, except those of bunches.
 */
export async function checkResume(plan: ResumePlan, trials: number): Promise<Outcome> {
  const { backend, threads, threadsAfter } = plan;
  const choose = (threads: number): Promise<Device> =>
    chooseDevice(backend, backend === "cpu" ? { threads } : {});
  const device = await choose(threads);
  const before = takeSingly(device);
  const after = takeSingly(await choose(threadsAfter));
  const whole = await trainFrom(before);
  const stops: Checkpoint[] = [];
  await trainFrom(before, undefined, async (training) => {
    stops.push(await takeCheckpoint(training, TINY_PROBLEM));
  });
  const failures = createFailures();
  if (stops.length !== STEPS) failures.add("all", [`there were ${stops.length} steps`]);
  if (await hash(withoutTimes(await trainFrom(device))) !== await hash(withoutTimes(whole))) {
    failures.add("all", ["the result of bunches differs from that of single steps"]);
  }
  const expected = await hash(whole);
  const every = Math.max(1, Math.floor(STEPS / trials));
  const chosen = [...stops.entries()].filter(([i]) => i % every === 0);
  for (const [i, stopped] of chosen) {
    const saved = await decodeCheckpoint(await encodeCheckpoint(stopped));
    const resumed = await hash(await trainFrom(after, saved));
    if (resumed !== expected) {
      failures.add(`step ${i + 1}`, [`${resumed} differs from ${expected}`]);
    }
  }
  const note = `SHA-256 ${expected.slice(0, 16)}…`;
  return { trials: chosen.length, failures: failures.list, note };
}

/** Trains to the end, from the beginning or from a checkpoint, and gives the final checkpoint. */
async function trainFrom(
  device: Device,
  saved?: Checkpoint,
  afterStep: (training: Training) => Promise<void> = () => Promise.resolve(),
): Promise<Checkpoint> {
  const config = { ...TINY_MODEL, hiddenSize: HIDDEN_SIZES[device.report.backend] };
  using model = await createModel(saved?.model ?? config, {
    ...{ device, seed: 1 },
    ...(saved && { parameters: saved.parameters }),
  });
  using training = createTraining(model, saved?.training ?? OPTIONS, saved);
  const options = { samples: 0, now: createTestClock() };
  for await (const event of train(training, makeTinySplit(), options)) {
    if (event.event === "step") await afterStep(training);
  }
  return await takeCheckpoint(training, TINY_PROBLEM);
}

function withoutTimes(checkpoint: Checkpoint): Checkpoint {
  const { progress } = checkpoint;
  const history = progress.history.map((metrics) => ({ ...metrics, elapsedMs: 0 }));
  return { ...checkpoint, progress: { ...progress, elapsedMs: 0, history } };
}

/** Hashes all that is in a checkpoint: weights, Adam's moments, position, history and settings. */
async function hash(checkpoint: Checkpoint): Promise<string> {
  const bytes = await encodeCheckpoint(checkpoint);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
