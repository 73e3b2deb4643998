import { assert, assertEquals, assertThrows } from "@std/assert";
import { selectBackend } from "../../src/backend/backend.ts";
import { createCharacterTable } from "../../src/codec/character_table.ts";
import type { Dataset } from "../../src/dataset/dataset.ts";
import { prepareSplit } from "../../src/dataset/prepare_split.ts";
import type { ModelConfig } from "../../src/network/config.ts";
import { createModel } from "../../src/model/create_model.ts";
import { measureCpuRate } from "../../src/ops/cpu_rate.ts";
import { kernelHeap } from "../../src/ops/kernels.ts";
import { reclaimBlocks } from "../../src/ops/resident_tensors.ts";
import { resolveAddition } from "../../src/problem/addition.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/create_training.ts";
import {
  checkTrainingFits,
  countTrainingCost,
  estimateStepMs,
} from "../../src/training/training_cost.ts";
import { TINY_MODEL } from "../tiny_training.ts";

await selectBackend("cpu");

/** The notebook's model. */
const NOTEBOOK: ModelConfig = {
  ...TINY_MODEL,
  hiddenSize: 128,
  inputLength: 7,
  outputLength: 4,
};

/** Examples for two steps, and for one whole batch of an evaluation. */
const split = await prepareSplit({
  problem: resolveAddition({ digits: 3, examples: 3000 }),
  training: { swap: false, weighted: false },
});

/** Trains for an epoch. It gives the most bytes of the kernels' memory that were in use at once. */
async function measurePeak(config: ModelConfig, batchSize: number): Promise<number> {
  const heap = kernelHeap();
  reclaimBlocks(); // blocks of the training before
  const before = heap.usedBytes;
  let peak = before;
  const { allocate } = heap;
  heap.allocate = (sizeBytes) => {
    const address = allocate(sizeBytes);
    peak = Math.max(peak, heap.usedBytes);
    return address;
  };
  try {
    using model = await createModel(config);
    using training = createTraining(model, { epochs: 1, batchSize });
    for await (const event of train(training, split, { samples: 0 })) {
      if (event.event === "step" && event.step === 3 && batchSize < 64) break;
    }
  } finally {
    heap.allocate = allocate;
  }
  return peak - before;
}

Deno.test("countTrainingCost() counts the kernels' memory that training takes, within a twentieth", async () => {
  const cases: [Partial<ModelConfig>, number][] = [
    [{ cell: "lstm" }, 128],
    [{ cell: "lstm", layers: 3, hiddenSize: 70 }, 512],
    [{ cell: "lstm", hiddenSize: 256 }, 1024],
    [{ cell: "gru", layers: 2 }, 512],
    [{ cell: "simple", hiddenSize: 200 }, 700],
    [{ cell: "simple", layers: 2, hiddenSize: 300 }, 512],
  ];
  for (const [shape, batchSize] of cases) {
    const config = { ...NOTEBOOK, ...shape };
    const measured = await measurePeak(config, batchSize);
    const { peakBytes } = countTrainingCost(config, batchSize);
    const ratio = peakBytes / measured;
    const what = JSON.stringify(shape);
    assert(Math.abs(ratio - 1) < 0.05, `${what}: ${peakBytes} for ${measured}, ${ratio}`);
  }
});

Deno.test("countTrainingCost() counts the bytes of parameters, gradients and moments", () => {
  const { parameters, stateBytes } = countTrainingCost(NOTEBOOK, 128);
  assertEquals([parameters, stateBytes], [205_324, 16 * 205_324]);
});

/** With few examples an LSTM does not share the first time step: each product has B (T - 1) rows. */
Deno.test("countTrainingCost() counts multiplications and additions of a step", () => {
  const H = 128, V = 12, B = 8;
  const encoder = B * 6 * H * 4 * H;
  const decoder = B * 3 * H * 4 * H + B * H * 4 * H;
  const dense = B * 4 * H * V;
  const { stepOperations } = countTrainingCost(NOTEBOOK, B);
  assertEquals(stepOperations, 2 * 3 * (encoder + decoder + dense));
});

Deno.test("checkTrainingFits() names the largest hidden size and batch that fit", () => {
  const room = { peakBytes: 100e6 };
  const fits = (hiddenSize: number, batchSize: number): boolean =>
    countTrainingCost({ ...NOTEBOOK, hiddenSize }, batchSize).peakBytes <= room.peakBytes;
  const config = { ...NOTEBOOK, hiddenSize: 512 };
  const error = assertThrows(() => checkTrainingFits(config, 4096, room), RangeError);
  const [hiddenSize, batchSize] = [/hiddenSize of at most (\d+)/, /batchSize of at most (\d+)/]
    .map((pattern) => Number(pattern.exec(error.message)?.[1]));
  assert(fits(hiddenSize!, 4096) && !fits(hiddenSize! + 1, 4096), error.message);
  assert(fits(512, batchSize!) && !fits(512, batchSize! + 1), error.message);
  checkTrainingFits({ ...config, hiddenSize: hiddenSize! }, 4096, room);
});

Deno.test("checkTrainingFits() says what to do if no hidden size and no batch fits", () => {
  assertThrows(
    () =>
      checkTrainingFits({ ...NOTEBOOK, outputLength: 4096, layers: 64 }, 64, { peakBytes: 1e6 }),
    RangeError,
    "fewer layers or shorter texts fit",
  );
});

Deno.test("checkTrainingFits() refuses a tensor that a WebGPU adapter cannot bind", () => {
  const tensorBytes = 4 * 128 * 512; // the recurrent kernel
  checkTrainingFits(NOTEBOOK, 8, { tensorBytes });
  assertThrows(
    () => checkTrainingFits({ ...NOTEBOOK, hiddenSize: 129 }, 8, { tensorBytes }),
    RangeError,
    "a hiddenSize of at most 128",
  );
});

Deno.test("checkTrainingFits() refuses an LSTM of 4,096 units for the CPU's kernels' memory, and accepts one of 3,072", () => {
  checkTrainingFits({ ...NOTEBOOK, hiddenSize: 3072 }, 128);
  assertThrows(
    () => checkTrainingFits({ ...NOTEBOOK, hiddenSize: 4096 }, 128),
    RangeError,
    "of the compute kernels' memory, which has room for 3.72 GiB",
  );
});

Deno.test("train() refuses at the call a batch that does not fit, and accepts a larger batch size than there are examples", async () => {
  const table = createCharacterTable(TINY_MODEL.characters);
  const makeDataset = (count: number): Dataset => ({
    ...{ table, count, inputLength: 300, outputLength: 2 },
    sources: new Uint8Array(300 * count),
    targets: new Uint8Array(2 * count),
  });
  using model = await createModel({ ...TINY_MODEL, inputLength: 300 });
  using training = createTraining(model, { batchSize: 65_536 });
  const validation = makeDataset(5);
  assertThrows(
    () => train(training, { training: makeDataset(65_536), validation }),
    RangeError,
    "a batchSize of at most",
  );
  train(training, { training: makeDataset(50), validation });
});

Deno.test("measureCpuRate() gives the rate of the fastest attempt, and frees its memory", () => {
  const before = kernelHeap().usedBytes;
  const times = [0, 9, 10, 11, 20, 25, 30, 40, 50, 60]; // milliseconds: the second attempt takes 1
  assertEquals(measureCpuRate(() => times.shift()!), 2 * 256 * 64 * 512 * 1000);
  assertEquals(kernelHeap().usedBytes, before);
  const rate = measureCpuRate();
  assert(rate > 1e7 && rate < 1e13, String(rate));
});

Deno.test("estimateStepMs() divides products among threads, but not memory accesses", () => {
  const cost = { ...countTrainingCost(NOTEBOOK, 128), stepOperations: 8e9, parameters: 0 };
  assertEquals(estimateStepMs(cost, { rate: 1e9, threads: 4 }), 2000);
  const full = { ...cost, parameters: 1e9 };
  const memoryMs = estimateStepMs(full, { rate: Infinity, threads: 1 });
  assert(memoryMs > 1000);
  assertEquals(estimateStepMs(full, { rate: 1e9, threads: 4 }), 2000 + memoryMs);
});
