import { assert, assertEquals } from "@std/assert";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { createDataset } from "../../src/dataset/dataset.ts";
import type { Device } from "../../src/device/executor.ts";
import { createModel } from "../../src/model/create_model.ts";
import { type Cell, CELLS } from "../../src/network/config.ts";
import { generateAddition } from "../../src/problem/addition.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { evaluate } from "../../src/training/evaluate.ts";
import { train } from "../../src/training/train.ts";
import { assertClose } from "../assert_close.ts";
import { countDeviceCalls } from "../device_calls.ts";
import { openDevice, testOnDevices, testOnWebGpu } from "../devices.ts";
import { makeTinySplit, TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";

const split = makeTinySplit();

async function twentyLosses(device: Device, cell: Cell): Promise<number[]> {
  using model = await createModel({ ...TINY_MODEL, cell, layers: 2 }, { device, seed: 2 });
  using training = createTraining(model, {
    ...{ epochs: 20, batchSize: 37, learningRate: 0.01, schedule: "constant" },
  });
  const losses: number[] = [];
  for await (const event of train(training, split, { samples: 0 })) {
    if (event.event === "step") losses.push(event.loss);
    if (losses.length === 20) break;
  }
  return losses;
}

for (const cell of CELLS) {
  testOnDevices(`20 steps of ${cell} give the reference's losses`, async (device) => {
    const found = await twentyLosses(device, cell);
    const expected = await twentyLosses(await openDevice("reference"), cell);
    assertClose(found, expected, "loss", { relative: 0, absolute: 1e-4 });
    assert(found[19]! < found[0]!);
  });
}

testOnWebGpu("a tiny model learns all sums of one digit", async (device) => {
  const all = createDataset(generateAddition({ digits: 1 }), TINY_MODEL);
  const config = { ...TINY_MODEL, cell: "simple", hiddenSize: 64 } as const;
  using model = await createModel(config, { device, seed: 1 });
  using training = createTraining(model, {
    epochs: 100,
    batchSize: 55,
    learningRate: 0.03,
    weightDecay: 0,
    stopAt: { metric: "exactMatch", value: 1 },
  });
  for await (const _ of train(training, { training: all, validation: all }, { samples: 0 }));
  assertEquals((await evaluate(model, all)).exactMatch, 1);
});

async function goOn(
  device: Device,
  from: Checkpoint | undefined,
  until: number,
): Promise<Checkpoint> {
  using model = await createModel(TINY_MODEL, {
    ...{ device, seed: 5 },
    ...(from && { parameters: from.parameters }),
  });
  using training = createTraining(model, TINY_OPTIONS, from);
  const controller = new AbortController();
  for await (const event of train(training, split, { signal: controller.signal, samples: 0 })) {
    if (event.event === "epoch" && event.epoch === until) controller.abort();
  }
  return await takeCheckpoint(training, TINY_PROBLEM);
}

testOnDevices("a checkpoint of the reference goes on, and back", async (device) => {
  const reference = await openDevice("reference");
  const expected = await goOn(reference, undefined, 3);
  const first = await goOn(reference, undefined, 1);
  const second = await goOn(device, first, 2);
  const third = await goOn(reference, second, 3);
  assertEquals(third.progress.step, expected.progress.step);
  const losses = ({ progress }: Checkpoint): number[] => progress.history.map(({ loss }) => loss);
  assertClose(losses(third), losses(expected), "loss", { relative: 0, absolute: 1e-3 });
});

testOnDevices(
  "a training that was stopped and resumed equals one that was not, bit for bit",
  async (device) => {
    const expected = await goOn(device, undefined, 3);
    const resumed = await goOn(device, await goOn(device, undefined, 1), 3);
    assertEquals(resumed.parameters, expected.parameters);
    assertEquals(resumed.moments, expected.moments);
  },
);

testOnWebGpu("train() reads figures once for many steps, and reports each", async (device) => {
  using model = await createModel(TINY_MODEL, { device, seed: 5 });
  using training = createTraining(model, { ...TINY_OPTIONS, epochs: 1 });
  const steps: number[] = [];
  using calls = countDeviceCalls();
  for await (const event of train(training, split, { samples: 0 })) {
    if (event.event === "step") steps.push(event.step);
  }
  assertEquals(steps, [1, 2, 3, 4, 5, 6, 7]);
  assert(calls.readBacks <= 4, JSON.stringify(calls)); // figures, and the measurement
});

testOnWebGpu(
  "train() uploads the split once, and for an epoch little more than its order",
  async (device) => {
    using model = await createModel(TINY_MODEL, { device, seed: 5 });
    using training = createTraining(model, { ...TINY_OPTIONS, epochs: 5 });
    const uploaded: number[] = [];
    using calls = countDeviceCalls();
    let [uploadedBefore, heldBefore] = [0, 0];
    for await (const event of train(training, split, { samples: 0 })) {
      if (event.event !== "epoch") continue;
      uploaded.push(calls.uploadedBytes - uploadedBefore);
      uploadedBefore = calls.uploadedBytes;
      if (event.epoch === 2) heldBefore = calls.heldBytes;
    }
    const order = 4 * 50;
    assert(uploaded.slice(1).every((bytes) => bytes <= order + 1024), uploaded.join());
    assert(calls.heldBytes <= heldBefore, JSON.stringify(calls));
  },
);
