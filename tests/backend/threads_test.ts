import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../../src/backend/backend.ts";
import {
  holdThreads,
  releaseThreads,
  runningThreads,
  setThreads,
  threadCount,
} from "../../src/backend/threads.ts";
import type { Batch } from "../../src/dataset/batches.ts";
import { type Cell, CELLS } from "../../src/network/config.ts";
import { createModel } from "../../src/model/create_model.ts";
import { useKernelBuild } from "../../src/ops/kernels.ts";
import { createOptimizer, differentiate, takeStep } from "../../src/training/optimizer.ts";

/** A batch that is large enough for threads, and not a multiple of a panel. */
const BATCH: Batch = {
  size: 45,
  sources: Int32Array.from({ length: 45 * 7 }, (_, i) => (i * 7 + (i >> 3)) % 12),
  targets: Int32Array.from({ length: 45 * 3 }, (_, i) => (i * 5) % 12),
};

function createSmallModel(cell: Cell, seed = 1): ReturnType<typeof createModel> {
  const hiddenSize = { lstm: 50, gru: 57, simple: 99 }[cell];
  const characters = " +0123456789";
  const config = { cell, hiddenSize, layers: 2, inputLength: 7, outputLength: 3, characters };
  return createModel({ ...config, reverse: true }, { seed });
}

/** Starts a training that is advanced step by step, and gives the bytes of its parameters. */
async function startTraining(cell: Cell, seed = 1): Promise<{
  takeStep(): void;
  end(): Uint8Array;
}> {
  const model = await createSmallModel(cell, seed);
  const optimizer = createOptimizer(model);
  let step = 0;
  return {
    takeStep(): void {
      step++;
      takeStep(model, optimizer, BATCH, {
        step,
        learningRate: 0.01,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-7,
        weightDecay: 0.01,
        clipNorm: 0.5,
      }).dispose();
    },
    end(): Uint8Array {
      const bytes = model.parameters.flatMap(({ variable }) => [
        ...new Uint8Array((variable as tf.Variable).dataSync().buffer),
      ]);
      optimizer[Symbol.dispose]();
      model[Symbol.dispose]();
      return Uint8Array.from(bytes);
    },
  };
}

async function trainOn(threads: number, cell: Cell): Promise<Uint8Array> {
  setThreads(threads);
  const training = await startTraining(cell);
  for (let step = 0; step < 5; step++) training.takeStep();
  assertEquals(runningThreads(), threads);
  return training.end();
}

for (const cell of CELLS) {
  Deno.test(`takeStep() of ${cell} gives the same bytes on 1, 2, 3 and 7 threads`, async () => {
    await selectBackend("cpu");
    try {
      const expected = await trainOn(1, cell);
      for (const threads of [2, 3, 7]) {
        const found = await trainOn(threads, cell);
        assert(found.every((byte, i) => byte === expected[i]), `${threads} threads differ`);
      }
    } finally {
      setThreads(undefined);
    }
  });
}

Deno.test("takeStep() of two trainings in turns gives the same results as each alone", async () => {
  await selectBackend("cpu");
  setThreads(2);
  try {
    const alone: Uint8Array[] = [];
    for (const [cell, seed] of [["lstm", 1], ["gru", 2]] as const) {
      const training = await startTraining(cell, seed);
      for (let step = 0; step < 4; step++) training.takeStep();
      alone.push(training.end());
    }
    const [first, second] = [await startTraining("lstm", 1), await startTraining("gru", 2)];
    for (let step = 0; step < 4; step++) {
      first.takeStep();
      await Promise.resolve();
      second.takeStep();
    }
    assertEquals([first.end(), second.end()], alone);
  } finally {
    setThreads(undefined);
  }
});

Deno.test("differentiate() gives the same gradients with and without fused multiply-add", async () => {
  await selectBackend("cpu");
  using model = await createSmallModel("lstm");
  const gradientsOf = (build: "relaxed" | "simd"): Float32Array[] => {
    useKernelBuild(build);
    const { figures, gradients } = differentiate(model, BATCH);
    const values = gradients.map((gradient) => gradient.dataSync() as Float32Array);
    tf.dispose([figures, ...gradients]);
    return values;
  };
  try {
    const expected = gradientsOf("simd");
    gradientsOf("relaxed").forEach((values, i) => {
      const difference = Math.hypot(...values.map((value, n) => value - expected[i]![n]!));
      assert(difference <= 3e-6 * Math.hypot(...expected[i]!), `gradient ${i} is off`);
    });
  } finally {
    useKernelBuild(undefined);
    releaseThreads();
  }
});

Deno.test("holdThreads() releases the threads with its last holder", async () => {
  await selectBackend("cpu");
  setThreads(2);
  try {
    const outer = holdThreads();
    {
      using _inner = holdThreads();
      const training = await startTraining("lstm");
      training.takeStep();
      training.end();
    }
    assertEquals(runningThreads(), 2);
    outer[Symbol.dispose]();
    assertEquals(runningThreads(), 1);
  } finally {
    setThreads(undefined);
  }
});

Deno.test("no thread is started for a small batch", async () => {
  await selectBackend("cpu");
  setThreads(2);
  try {
    using model = await createSmallModel("lstm");
    const batch = {
      size: 1,
      sources: BATCH.sources.slice(0, 7),
      targets: BATCH.targets.slice(0, 3),
    };
    const { figures, gradients } = differentiate(model, batch);
    tf.dispose([figures, ...gradients]);
    assertEquals(runningThreads(), 1);
  } finally {
    setThreads(undefined);
  }
});

Deno.test("setThreads() refuses a number out of range", () => {
  assertThrows(() => setThreads(0), RangeError, "but is 0");
  assertThrows(() => setThreads(1.5), RangeError, "but is 1.5");
  assertThrows(() => setThreads(100_000), RangeError, "must be an integer from 1 to");
  assert(threadCount() >= 1);
});
