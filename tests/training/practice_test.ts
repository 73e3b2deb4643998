import { assertEquals, assertThrows } from "@std/assert";
import { chooseDevice } from "../../src/device/choose.ts";
import type { Device } from "../../src/device/executor.ts";
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../src/checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { openSplit } from "../../src/checkpoint/open_split.ts";
import type { Split } from "../../src/dataset/split.ts";
import { createModel } from "../../src/model/create_model.ts";
import { findKind, resolveProblem } from "../../src/problem/registry.ts";
import type { TrainingOptions } from "../../src/training/options.ts";
import { resolveTraining } from "../../src/training/resolve_training.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/create_training.ts";
import type { SavedTraining, Training } from "../../src/training/training.ts";
import { takeOneByOne } from "../changed_device.ts";
import { assertClose } from "../assert_close.ts";
import { openDevice, testOnDevices } from "../devices.ts";
import { createTestClock, makeTinySplit, TINY_MODEL } from "../tiny_training.ts";

/** It stops after any step. */
const device = takeOneByOne(await chooseDevice("cpu"));

const problem = resolveProblem({ name: "addition", digits: 3, examples: 300, seed: 3 });
const config = { ...TINY_MODEL, ...findKind("addition").layOut!(problem, true) };
/** Options with swapping and weights: three epochs of 14 steps. */
const OPTIONS = resolveTraining({ epochs: 3, batchSize: 20, seed: 3, swap: true, weighted: true });
const split = await openSplit({ problem, model: config, training: OPTIONS });

/** Trains until the end or until a step. It gives the checkpoint of that moment, without times. */
async function trainUntil(training: Training, stop = Infinity): Promise<Checkpoint> {
  const controller = new AbortController();
  const { signal } = controller;
  const now = createTestClock();
  for await (const event of train(training, split, { signal, samples: 0, now })) {
    if (event.event === "step" && event.step === stop) controller.abort();
  }
  return await takeCheckpoint(training, problem);
}

async function run(options: Partial<TrainingOptions>): Promise<Checkpoint> {
  using model = await createModel(config, { device, seed: 3 });
  using training = createTraining(model, { ...OPTIONS, ...options });
  return await trainUntil(training);
}

function withoutTimes({ progress, ...rest }: Checkpoint): unknown {
  return { ...rest, history: progress.history.map(({ elapsedMs: _, ...metrics }) => metrics) };
}

Deno.test("a training with swapped and weighted examples takes as many steps as one without", async () => {
  const { progress, training } = await run({});
  assertEquals([training.swap, training.weighted], [true, true]);
  assertEquals(progress.history.map(({ step }) => step), [14, 28, 42]);
});

Deno.test("swap and weighted each change the result, and the same seed gives the same bytes", async () => {
  const parametersOf = async (options: Partial<TrainingOptions>): Promise<string> =>
    JSON.stringify((await run(options)).parameters.map(({ values }) => [...values]));
  const both = await parametersOf({});
  assertEquals(await parametersOf({}), both);
  const others = await Promise.all([
    parametersOf({ swap: false }),
    parametersOf({ weighted: false }),
    parametersOf({ swap: false, weighted: false }),
    parametersOf({ seed: 4 }),
  ]);
  assertEquals(new Set([both, ...others]).size, 5);
});

Deno.test("a training with swapped and weighted examples that is stopped after any step and resumed equals one that was not, bit for bit", async () => {
  const expected = withoutTimes(await run({}));
  for (const stop of [1, 13, 14, 20, 41]) {
    using before = await createModel(config, { device, seed: 3 });
    using interrupted = createTraining(before, OPTIONS);
    const saved = await decodeCheckpoint(
      await encodeCheckpoint(await trainUntil(interrupted, stop)),
    );
    assertEquals(saved.progress.step, stop);
    assertEquals([saved.training.swap, saved.training.weighted], [true, true]);
    using after = await createModel(config, { device, parameters: saved.parameters });
    using resumed = createTraining(after, saved.training, saved as SavedTraining);
    assertEquals(withoutTimes(await trainUntil(resumed)), expected, `stopped after step ${stop}`);
  }
});

Deno.test("train() says what the training needs and the split lacks", async () => {
  using model = await createModel(TINY_MODEL, { device });
  const plain = makeTinySplit();
  for (const [option, by] of [["swap", "swapOf"], ["weighted", "weightOf"]] as const) {
    using training = createTraining(model, { [option]: true });
    assertThrows(
      () => train(training, plain),
      TypeError,
      `Cannot train with ${option}: the split must have`,
    );
    assertThrows(() => train(training, plain), TypeError, by);
  }
});

Deno.test("a training without swap and weighted needs neither swapped forms nor weights", async () => {
  using model = await createModel(TINY_MODEL, { device });
  using training = createTraining(model, { epochs: 1 });
  const events = [];
  for await (const { event } of train(training, makeTinySplit(), { samples: 0 })) {
    events.push(event);
  }
  assertEquals(events, ["step", "epoch", "end"]);
});

Deno.test("train() refuses swapped forms and weights that do not fit the training examples", async () => {
  using model = await createModel(config, { device });
  const wrong: [Partial<Record<keyof Split, unknown>>, string][] = [
    [{ withSwapped: split.training }, "withSwapped must have 540 examples, two for each"],
    [{ withSwapped: {} }, "the split's withSwapped must be a dataset"],
    [{ weights: [1, 2] }, "weights must be a Uint16Array"],
    [{ weights: new Uint16Array(270) }, "270 integers from 1 on"],
    [{ weights: new Uint16Array(269).fill(1) }, "they are 269"],
    [{ weights: new Uint16Array(270).fill(60_000) }, "at most 540"],
  ];
  for (const [change, words] of wrong) {
    using training = createTraining(model, OPTIONS);
    assertThrows(() => train(training, { ...split, ...change } as Split), Error, words);
  }
});

testOnDevices("the swapped rows that are looked up are those of the reference", async (device) => {
  const lossesOn = async (device: Device): Promise<number[]> => {
    using model = await createModel(config, { device, seed: 3 });
    using training = createTraining(model, OPTIONS);
    const losses: number[] = [];
    for await (const event of train(training, split, { samples: 0 })) {
      if (event.event === "step") losses.push(event.loss);
      if (losses.length === 5) break;
    }
    return losses;
  };
  assertClose(await lossesOn(device), await lossesOn(await openDevice("reference")), "losses");
});
