import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../src/checkpoint/checkpoint.ts";
import { openSplit } from "../../src/checkpoint/open_split.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { type Dataset, readExample } from "../../src/dataset/dataset.ts";
import type { Split } from "../../src/dataset/split.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { createModel } from "../../src/model/create_model.ts";
import { findKind, resolveProblem } from "../../src/problem/registry.ts";
import { runAtOnce, type Sliced } from "../../src/time/slices.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { openSupply } from "../../src/training/example_supply.ts";
import { resolveTraining } from "../../src/training/resolve_training.ts";
import { train } from "../../src/training/train.ts";
import type { Training } from "../../src/training/training.ts";
import { takeOneByOne } from "../changed_device.ts";
import { createTestClock, makeTinySplit, TINY_MODEL } from "../tiny_training.ts";
import { openDevice, testOnDevices } from "../devices.ts";
import { createFakeDevice } from "./fake_device.ts";

/** It stops after any step. */
const device = takeOneByOne(await chooseDevice("cpu", { threads: 1 }));
const problem = resolveProblem({ name: "addition", digits: 3, examples: 60, seed: 3 });
const config = { ...TINY_MODEL, ...findKind("addition").layOut!(problem, true) };
/** Three epochs of six steps. */
const OPTIONS = resolveTraining({ epochs: 3, batchSize: 10, seed: 3, weighted: true, fresh: true });
const split = await openSplit({ problem, model: config, training: OPTIONS });

async function trainUntil(training: Training, stop = Infinity): Promise<Checkpoint> {
  const controller = new AbortController();
  const { signal } = controller;
  const options = { signal, samples: 0, now: createTestClock() };
  for await (const event of train(training, split, options)) {
    if (event.event === "step" && event.step === stop) controller.abort();
  }
  return await takeCheckpoint(training, problem);
}

function withoutTimes({ progress, ...rest }: Checkpoint): unknown {
  return { ...rest, history: progress.history.map(({ elapsedMs: _, ...metrics }) => metrics) };
}

Deno.test("a training with fresh examples that is stopped after any step and resumed equals one that was not, bit for bit", async () => {
  using model = await createModel(config, { device, seed: 3 });
  using training = createTraining(model, OPTIONS);
  const whole = withoutTimes(await trainUntil(training));
  for (let stop = 1; stop < 18; stop++) {
    using before = await createModel(config, { device, seed: 3 });
    using interrupted = createTraining(before, OPTIONS);
    const saved = await decodeCheckpoint(
      await encodeCheckpoint(await trainUntil(interrupted, stop)),
    );
    assertEquals(saved.progress.step, stop);
    using after = await createModel(config, { device, parameters: saved.parameters });
    using resumed = createTraining(after, saved.training, saved);
    assertEquals(withoutTimes(await trainUntil(resumed)), whole);
  }
});

Deno.test("every epoch of a training with fresh examples takes those of its number", async () => {
  const epochs: number[] = [];
  const held: Dataset[] = [];
  const fresh = (epoch: number): Sliced<Dataset> => {
    epochs.push(epoch);
    return split.fresh!(epoch);
  };
  using model = await createModel(config, { device, seed: 3 });
  const { executor } = model;
  const watched = Object.create(executor, {
    hold: {
      value: (examples: Dataset) => {
        held.push(examples);
        return executor.hold(examples);
      },
    },
  });
  using training = createTraining({ ...model, executor: watched }, OPTIONS);
  using supply = openSupply(training, { ...split, fresh });
  for (const epoch of [1, 2, 3]) {
    await supply.take(epoch, {});
    assertEquals(held.at(-1)!.sources, runAtOnce(split.fresh!(epoch)).sources);
  }
  assertEquals(epochs, [1, 2, 3]); // none after the last
});

Deno.test("fresh examples of the next epoch are made while steps are under way, without waiting longer than for them", async () => {
  using model = await createModel(config, { device: createFakeDevice() });
  using training = createTraining(model, OPTIONS);
  let slices = 0;
  function* fresh(epoch: number): Sliced<Dataset> {
    for (let i = 0; i < 5; i++) {
      if (epoch === 2) slices++;
      yield i;
    }
    return yield* split.fresh!(epoch);
  }
  using supply = openSupply(training, { ...split, fresh });
  await supply.take(1, {});
  await supply.prepareDuring(Promise.resolve());
  assertEquals(slices, 0); // the steps were done at once
  const { promise, resolve } = Promise.withResolvers<void>();
  const waiting = supply.prepareDuring(promise);
  while (slices < 3) await new Promise((resolve) => setTimeout(resolve, 0));
  resolve();
  await waiting;
  await supply.take(2, {});
  assertEquals(slices, 5); // those that were made are not made again
  await assertRejects(
    () => supply.prepareDuring(Promise.reject(new Error("the device was lost"))),
    Error,
    "the device was lost",
  );
});

testOnDevices("a training with fresh examples does the same on every device", async (device) => {
  using model = await createModel(config, { device, seed: 3 });
  using reference = await createModel(config, { device: await openDevice("reference"), seed: 3 });
  const losses: number[][] = [];
  for (const each of [model, reference]) {
    using training = createTraining(each, OPTIONS);
    for await (const _ of train(training, split, { samples: 0 }));
    losses.push(training.progress.history.map(({ validationLoss }) => validationLoss));
  }
  losses[0]!.forEach((loss, i) => assertAlmostEquals(loss, losses[1]![i]!, 1e-3));
});

Deno.test("fresh examples are released with the training, and an epoch's with the next", async () => {
  const fake = createFakeDevice();
  using model = await createModel(config, { device: fake });
  {
    using training = createTraining(model, OPTIONS);
    for await (const _ of train(training, split, { samples: 0 }));
  }
  assertEquals(fake.calls.held, 0);
});

Deno.test("a training with fresh examples refuses a split that makes none, or too few", async () => {
  using model = await createModel(TINY_MODEL, { device });
  using training = createTraining(model, { fresh: true });
  const tiny = makeTinySplit();
  assertThrows(() => train(training, tiny), TypeError, "must have a function `fresh`");
  const few: Split = {
    ...tiny,
    // deno-lint-ignore require-yield
    *fresh(): Sliced<Dataset> {
      return tiny.validation;
    },
  };
  await assertRejects(
    async () => {
      for await (const _ of train(training, few));
    },
    RangeError,
    "must be 50, as many as those of training, but are 5",
  );
});

Deno.test("fresh examples cannot be swapped as well: they come in both orders", () => {
  assertThrows(
    () => resolveTraining({ fresh: true, swap: true }),
    RangeError,
    "swap must be false with fresh",
  );
  const first = runAtOnce(split.fresh!(1));
  const operands = Array.from(
    { length: first.count },
    (_, at) => readExample(first, at).question.split("+").map(Number),
  );
  assert(operands.some(([a, b]) => a! > b!));
  assert(operands.some(([a, b]) => a! < b!));
});
