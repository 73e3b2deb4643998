import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../src/backend/backend.ts";
import { releaseThreads } from "../../src/backend/threads.ts";
import type { Batch } from "../../src/dataset/batches.ts";
import { createModel } from "../../src/model/create_model.ts";
import { forward, variablesOf } from "../../src/model/forward.ts";
import { kernelHeap } from "../../src/ops/kernels.ts";
import { copiedBytes, reclaimBlocks } from "../../src/ops/resident_tensors.ts";
import { createOptimizer, takeStep } from "../../src/training/optimizer.ts";

const BATCH: Batch = {
  size: 5,
  sources: Int32Array.from({ length: 15 }, (_, i) => i % 5),
  targets: Int32Array.from({ length: 10 }, (_, i) => (i * 3) % 5),
};

const CONFIG = {
  cell: "lstm",
  hiddenSize: 6,
  layers: 2,
  inputLength: 3,
  outputLength: 2,
  characters: "abcde",
  reverse: false,
} as const;

function updateOf(step: number): Parameters<typeof takeStep>[3] {
  const rates = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
  return { step, ...rates, weightDecay: 0, clipNorm: 1 };
}

/** Counts the bytes of the kernels' memory in use, after the blocks of dropped tensors are freed. */
function usedBytes(): number {
  reclaimBlocks();
  return kernelHeap().usedBytes;
}

Deno.test("takeStep() leaks no memory and no tensor over 10,000 steps", async () => {
  await selectBackend("cpu");
  const before = { bytes: usedBytes(), tensors: tf.memory().numTensors };
  {
    using model = await createModel(CONFIG);
    using optimizer = createOptimizer(model);
    const warmUp = 10;
    for (let step = 1; step <= warmUp; step++) {
      takeStep(model, optimizer, BATCH, updateOf(step)).dispose();
    }
    const used = { bytes: usedBytes(), tensors: tf.memory().numTensors };
    const sizeBytes = kernelHeap().memory.buffer.byteLength;
    for (let step = warmUp + 1; step <= 10_000; step++) {
      takeStep(model, optimizer, BATCH, updateOf(step)).dispose();
    }
    assertEquals({ bytes: usedBytes(), tensors: tf.memory().numTensors }, used);
    assertEquals(kernelHeap().memory.buffer.byteLength, sizeBytes);
  }
  assertEquals({ bytes: usedBytes(), tensors: tf.memory().numTensors }, before);
});

Deno.test("forward() without a gradient keeps only its result", async () => {
  await selectBackend("cpu");
  using model = await createModel(CONFIG);
  const run = (): void =>
    tf.tidy(() => {
      const sources = tf.tensor2d(BATCH.sources, [BATCH.size, CONFIG.inputLength], "int32");
      forward(model.config, variablesOf(model), sources);
    });
  run();
  const before = usedBytes();
  for (let i = 0; i < 100; i++) run();
  assertEquals(usedBytes(), before);
});

Deno.test("takeStep() copies only the batch and the figures after the first step", async () => {
  await selectBackend("cpu");
  using model = await createModel(CONFIG);
  using optimizer = createOptimizer(model);
  takeStep(model, optimizer, BATCH, updateOf(1)).dispose();
  const before = copiedBytes();
  const figures = takeStep(model, optimizer, BATCH, updateOf(2));
  figures.dataSync();
  figures.dispose();
  const after = copiedBytes();
  const indices = 4 * (BATCH.sources.length + BATCH.targets.length);
  assertEquals(after.in - before.in, indices + 12);
  assertEquals(after.out - before.out, 12);
});

Deno.test("a result can be read by tfjs's operations, and its values stay after its memory is freed", async () => {
  await selectBackend("cpu");
  using model = await createModel(CONFIG);
  const [logits, doubled] = tf.tidy(() => {
    const sources = tf.tensor2d(BATCH.sources, [BATCH.size, CONFIG.inputLength], "int32");
    const logits = forward(model.config, variablesOf(model), sources);
    return [logits, tf.mul(logits, 2)];
  });
  const values = await logits.data() as Float32Array;
  const expected = Array.from(values);
  assertEquals(Array.from(doubled.dataSync()), expected.map((value) => 2 * value));
  tf.dispose([logits, doubled]);
  using optimizer = createOptimizer(model);
  for (let step = 1; step < 5; step++) takeStep(model, optimizer, BATCH, updateOf(step)).dispose();
  assertEquals(Array.from(values), expected);
  assert(!(values.buffer instanceof SharedArrayBuffer));
  releaseThreads();
});
