import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../src/backend/backend.ts";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { createCharacterTable } from "../../src/codec/character_table.ts";
import { batches } from "../../src/dataset/batches.ts";
import { createDataset } from "../../src/dataset/dataset.ts";
import type { Cell } from "../../src/model/config.ts";
import { createModel } from "../../src/model/model.ts";
import { ADDITION_CHARACTERS, generateAddition } from "../../src/problem/addition.ts";
import { evaluate } from "../../src/training/evaluate.ts";
import { createOptimizer, readFigures, takeStep } from "../../src/training/optimizer.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/training.ts";
import { assertClose } from "../assert_close.ts";
import { hasWebGpu } from "../backends.ts";
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

function testOnWebGpu(name: string, body: () => Promise<void>): void {
  Deno.test({
    name: `${name} on webgpu`,
    ignore: !hasWebGpu,
    sanitizeOps: false, // tfjs keeps the promise of its device's loss
    sanitizeResources: false,
    async fn(): Promise<void> {
      await selectBackend("webgpu");
      try {
        await body();
      } finally {
        await selectBackend("cpu");
      }
    },
  });
}

async function twentyLosses(backend: "cpu" | "webgpu", cell: Cell): Promise<number[]> {
  await selectBackend(backend);
  using model = await createModel({ ...TINY_MODEL, cell, layers: 2 }, { seed: 2 });
  using optimizer = createOptimizer(model);
  const [batch] = batches(split.training, { batchSize: 37 });
  const losses: number[] = [];
  for (let step = 1; step <= 20; step++) {
    losses.push(
      (await readFigures(takeStep(model, optimizer, batch!, { ...UPDATE, step }))).loss,
    );
  }
  return losses;
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
  using model = await createModel({ ...TINY_MODEL, hiddenSize: 32 }, { seed: 1 });
  using training = createTraining(model, {
    epochs: 150,
    batchSize: 11,
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
  const batch = {
    size: 128,
    sources: Int32Array.from({ length: 128 * 7 }, (_, i) => i % 12),
    targets: Int32Array.from({ length: 128 * 4 }, (_, i) => i % 12),
  };
  let step = 0;
  const take = (): tf.Tensor1D => takeStep(model, optimizer, batch, { ...UPDATE, step: ++step });
  for (let i = 0; i < 3; i++) await readFigures(take());
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

testOnWebGpu(
  "takeStep() leaves tensors and device memory as they were, over 300 steps",
  async () => {
    using model = await createModel(TINY_MODEL, { seed: 5 });
    using optimizer = createOptimizer(model);
    const [batch] = batches(split.training, { batchSize: 8 });
    const states = new Set<string>();
    let step = 0;
    for (let i = 0; i < 30; i++) {
      for (let j = 0; j < 9; j++) {
        takeStep(model, optimizer, batch!, { ...UPDATE, step: ++step }).dispose();
      }
      await readFigures(takeStep(model, optimizer, batch!, { ...UPDATE, step: ++step }));
      const { numTensors, numBytesInGPU, numBytesAllocatedInGPU } = tf.memory() as tf.MemoryInfo & {
        numBytesInGPU: number;
        numBytesAllocatedInGPU: number;
      };
      if (i >= 5) states.add([numTensors, numBytesInGPU, numBytesAllocatedInGPU].join());
    }
    assertEquals(states.size, 1, [...states].join("; "));
  },
);
