import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../src/backend/backend.ts";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { createCharacterTable } from "../../src/codec/character_table.ts";
import { batches } from "../../src/dataset/batches.ts";
import { createDataset, type Dataset } from "../../src/dataset/dataset.ts";
import type { Cell } from "../../src/network/config.ts";
import { createModel } from "../../src/model/create_model.ts";
import { ADDITION_CHARACTERS, generateAddition } from "../../src/problem/addition.ts";
import { holdDataset } from "../../src/ops/resident_dataset/resident_dataset.ts";
import { evaluate } from "../../src/training/evaluate.ts";
import { createOptimizer, readFigures, takeStep } from "../../src/training/optimizer.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { assertClose } from "../assert_close.ts";
import { testOnWebGpu } from "../backends.ts";
import { countDeviceCalls } from "../device_calls.ts";
import { makeTinySplit, TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";

const split = makeTinySplit();

const UPDATE = {
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  weightDecay: 0.01,
  clipNorm: 1,
};

async function twentyLosses(backend: "cpu" | "webgpu", cell: Cell): Promise<number[]> {
  await selectBackend(backend);
  using model = await createModel({ ...TINY_MODEL, cell, layers: 2 }, { seed: 2 });
  using optimizer = createOptimizer(model);
  const [batch] = batches(split.training, { batchSize: 37 });
  const figures = Array.from(
    { length: 20 },
    (_, i) => takeStep(model, optimizer, batch!, { ...UPDATE, step: i + 1 }),
  );
  return (await Promise.all(figures.map(readFigures))).map(({ loss }) => loss);
}

for (const cell of ["lstm", "gru", "simple"] as const) {
  testOnWebGpu(`20 steps of ${cell} give the CPU's losses`, async () => {
    const found = await twentyLosses("webgpu", cell);
    const expected = await twentyLosses("cpu", cell);
    assertClose(found, expected, "loss", { relative: 0, absolute: 1e-3 });
    assert(found[19]! < found[0]!);
  });
}

testOnWebGpu("a tiny model learns all sums of one digit", async () => {
  const table = createCharacterTable(ADDITION_CHARACTERS);
  const all = createDataset(generateAddition(TINY_PROBLEM), table, TINY_MODEL);
  using model = await createModel({ ...TINY_MODEL, cell: "simple", hiddenSize: 64 }, { seed: 1 });
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
  backend: "cpu" | "webgpu",
  from: Checkpoint | undefined,
  until: number,
): Promise<Checkpoint> {
  await selectBackend(backend);
  using model = await createModel(TINY_MODEL, {
    seed: 5,
    ...(from && { parameters: from.parameters }),
  });
  using training = createTraining(model, TINY_OPTIONS, from);
  const controller = new AbortController();
  for await (const event of train(training, split, { signal: controller.signal, samples: 0 })) {
    if (event.event === "epoch" && event.epoch === until) controller.abort();
  }
  return await takeCheckpoint(training, TINY_PROBLEM);
}

testOnWebGpu("a checkpoint of the CPU goes on, and back", async () => {
  const expected = await goOn("cpu", undefined, 3);
  const first = await goOn("cpu", undefined, 1);
  const second = await goOn("webgpu", first, 2);
  const third = await goOn("cpu", second, 3);
  assertEquals(third.progress.step, expected.progress.step);
  const losses = ({ progress }: Checkpoint): number[] => progress.history.map(({ loss }) => loss);
  assertClose(losses(third), losses(expected), "loss", { relative: 0, absolute: 1e-3 });
});

testOnWebGpu("a training step of the notebook's model stays within its calls", async () => {
  using model = await createModel({
    ...{ cell: "lstm", hiddenSize: 128, layers: 1, inputLength: 7, outputLength: 4 },
    ...{ characters: ADDITION_CHARACTERS, reverse: true },
  }, { seed: 1 });
  using optimizer = createOptimizer(model);
  const size = 16; // it takes as many calls as 128, and seconds less on a software adapter
  const batch = {
    size,
    sources: Int32Array.from({ length: size * 7 }, (_, i) => i % 12),
    targets: Int32Array.from({ length: size * 4 }, (_, i) => i % 12),
  };
  let step = 0;
  const take = (): tf.Tensor1D => takeStep(model, optimizer, batch, { ...UPDATE, step: ++step });
  await readFigures(take());
  using calls = countDeviceCalls();
  const figures = take();
  assert(calls.dispatches <= 60 && calls.submits <= 1, JSON.stringify(calls));
  assertEquals(calls.readBacks, 0);
  await readFigures(figures);
  assert(calls.submits <= 2, JSON.stringify(calls));
  assertEquals(calls.readBacks, 1);
});

testOnWebGpu("train() reads figures once every few steps, and reports each", async () => {
  using model = await createModel(TINY_MODEL, { seed: 5 });
  using training = createTraining(model, { ...TINY_OPTIONS, epochs: 1 });
  const steps: number[] = [];
  using calls = countDeviceCalls();
  let readBacks = 0;
  for await (const event of train(training, split, { samples: 0 })) {
    if (event.event !== "step") continue;
    steps.push(event.step);
    readBacks = calls.readBacks;
  }
  assertEquals(steps, [1, 2, 3, 4, 5, 6, 7]);
  assertEquals(readBacks, 1);
});

testOnWebGpu("train() uploads the split once, and of a step its rows and rates alone", async () => {
  using model = await createModel(TINY_MODEL, { seed: 5 });
  using training = createTraining(model, { ...TINY_OPTIONS, epochs: 5 });
  const uploaded: number[] = [];
  const { numTensors } = tf.memory();
  using calls = countDeviceCalls();
  let [uploadedBefore, heldBefore] = [0, 0];
  for await (const event of train(training, split, { samples: 0 })) {
    if (event.event !== "epoch") continue;
    uploaded.push(calls.uploadedBytes - uploadedBefore);
    uploadedBefore = calls.uploadedBytes;
    if (event.epoch === 1) heldBefore = calls.heldBytes;
  }
  // 50 examples of 5 characters; for each step a list of rows, Adam's 6 rates and the 3 values of dFigures
  const [rows, rates] = [4 * 50 + 4 * split.validation.count, 7 * 4 * (6 + 3)];
  assertEquals(uploaded.slice(1), [1, 1, 1, 1].map(() => rows + rates));
  assertEquals(tf.memory().numTensors, numTensors);
  const datasets = 4 * (Math.ceil(50 * 5 / 4) + Math.ceil(split.validation.count * 5 / 4));
  assertEquals(calls.heldBytes, heldBefore - datasets);
});

/** The encoder and the decoder need two time steps each to have every kind of dispatch. */
const SHORT = { inputLength: 2, outputLength: 2 };
const SHORT_DATASET: Dataset = {
  ...{ table: split.training.table, count: 50, ...SHORT },
  sources: Uint8Array.from({ length: 50 * 2 }, (_, i) => (7 * i) % 12),
  targets: Uint8Array.from({ length: 50 * 2 }, (_, i) => (5 * i) % 12),
};

testOnWebGpu(
  "takeStep() leaves tensors and device memory as they were, over 1,000 steps",
  async () => {
    using model = await createModel({ ...TINY_MODEL, ...SHORT }, { seed: 5 });
    using optimizer = createOptimizer(model);
    using resident = holdDataset(SHORT_DATASET);
    using calls = countDeviceCalls();
    const states = new Set<string>();
    let step = 0;
    for (let pass = 0; pass < 100; pass++) {
      for (const batch of resident.batches({ batchSize: 5 })) {
        const figures = takeStep(model, optimizer, batch, { ...UPDATE, step: ++step });
        if (step % 10 === 0) await readFigures(figures);
        else figures.dispose();
      }
      const { numTensors, numBytesInGPU, numBytesAllocatedInGPU } = tf.memory() as tf.MemoryInfo & {
        numBytesInGPU: number;
        numBytesAllocatedInGPU: number;
      };
      const state = [numTensors, numBytesInGPU, numBytesAllocatedInGPU, calls.heldBytes].join();
      if (pass >= 5) states.add(state);
    }
    assertEquals(step, 1000);
    assertEquals(states.size, 1, [...states].join("; "));
  },
);
