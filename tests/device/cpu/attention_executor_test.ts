import { assert, assertEquals } from "@std/assert";
import { createCpuDevice } from "../../../src/device/cpu/cpu_device.ts";
import { countCpuBytes } from "../../../src/device/cpu/cpu_cost.ts";
import { CpuExecutor } from "../../../src/device/cpu/cpu_executor.ts";
import type { KernelBuild } from "../../../src/device/cpu/kernel_build.ts";
import type { Differentiated } from "../../../src/device/executor.ts";
import { CELLS } from "../../../src/network/config.ts";
import { type AttentionSize, makePaddedExamples } from "../../describe_attention.ts";
import { ADAM, drawRows, makeAttentionTrial, takeSteps } from "../trial.ts";

/** Large enough for threads; the last has weights that several panels share. */
const SIZES: readonly AttentionSize[] = [
  ...CELLS.map((cell): AttentionSize => ({
    ...{ cell, hiddenSize: 42, embeddingSize: 19, layers: 2, encoderLayers: 2 },
    ...{ inputLength: 7, outputLength: 6, sourceVocabularySize: 12, targetVocabularySize: 21 },
    ...{ bidirectional: true, padded: true },
  })),
  {
    ...{ cell: "lstm", hiddenSize: 390, embeddingSize: 9, layers: 1, encoderLayers: 1 },
    ...{ inputLength: 4, outputLength: 3, sourceVocabularySize: 5, targetVocabularySize: 5 },
    ...{ bidirectional: true, padded: true },
  },
];

/** Batches with a last panel of few examples. */
const BATCH = 77;

const REGULARIZATION = { dropout: 0.3, seed: 5, labelSmoothing: 0.1 };

async function load(
  size: AttentionSize,
  threads: number,
  build?: KernelBuild,
): Promise<CpuExecutor> {
  const { network, values } = makeAttentionTrial(size);
  const device = createCpuDevice({ threads, ...(build !== undefined && { build }) });
  const executor = await device.load(network, values);
  assert(executor instanceof CpuExecutor);
  return executor;
}

/** What training, measuring and answering give. */
async function computeAll(executor: CpuExecutor): Promise<unknown> {
  assert(executor.network.decoder === "attention");
  const examples = makePaddedExamples(executor.network, 200);
  const held = executor.hold(examples), optimizer = executor.createOptimizer(ADAM);
  const order = drawRows(200, 2 * BATCH + 20);
  const figures = await takeSteps(executor, {
    ...{ examples: held, optimizer, order, batchSize: BATCH, regularization: REGULARIZATION },
  });
  const measured = await executor.measure(held, { from: 3, to: 199, answers: true });
  const answers = await executor.answer(examples.sources, { probabilities: true });
  return { figures, measured, answers, state: await executor.readState(optimizer) };
}

for (const size of SIZES) {
  const what = `${size.cell} with attention and hidden size ${size.hiddenSize}`;
  Deno.test(`training, measuring and answering by ${what} are the same on 1, 2 and 7 threads`, async () => {
    using alone = await load(size, 1);
    const expected = await computeAll(alone);
    for (const threads of [2, 7]) {
      using executor = await load(size, threads);
      assertEquals(await computeAll(executor), expected, `on ${threads} threads`);
    }
  });

  Deno.test(`gradients of ${what} do not depend on what was in memory`, async () => {
    const differentiate = async (filler: number): Promise<Differentiated> => {
      using executor = await load(size, 1);
      assert(executor.network.decoder === "attention");
      const held = executor.hold(makePaddedExamples(executor.network, 100));
      const { heap } = executor.engine;
      const sizeBytes = countCpuBytes(executor.network, { examples: BATCH, threads: 1 }).total;
      const block = heap.allocate(sizeBytes);
      executor.engine.floats(block, sizeBytes >> 2).fill(filler);
      heap.free(block);
      return await executor.differentiate(held, drawRows(100, BATCH), {
        ...{ ...REGULARIZATION, step: 3 },
      });
    };
    const expected = await differentiate(0);
    assert(expected.gradients.flatMap((values) => [...values]).every(Number.isFinite));
    assertEquals(await differentiate(NaN), expected);
  });
}

for (const size of SIZES.slice(0, 3)) {
  Deno.test(`differentiate() of ${size.cell} with attention gives the same gradients with and without fused multiply-add`, async () => {
    const gradientsOf = async (build: KernelBuild): Promise<readonly Float32Array[]> => {
      using executor = await load(size, 1, build);
      assert(executor.network.decoder === "attention");
      const held = executor.hold(makePaddedExamples(executor.network, 100));
      return (await executor.differentiate(held, drawRows(100, BATCH))).gradients;
    };
    const expected = await gradientsOf("simd");
    (await gradientsOf("relaxed")).forEach((values, i) => {
      const difference = Math.hypot(...values.map((value, n) => value - expected[i]![n]!));
      assert(difference <= 3e-6 * Math.hypot(...expected[i]!), `gradient ${i} is off`);
    });
  });
}

Deno.test("the bytes of a network with attention are counted before anything is allocated", async () => {
  const size = SIZES[0]!;
  using executor = await load(size, 2);
  const { engine: { heap }, network } = executor;
  assert(network.decoder === "attention");
  const counted = countCpuBytes(network, { examples: BATCH, threads: 2 });
  assertEquals(heap.usedBytes, counted.weights);
  const examples = executor.hold(makePaddedExamples(network, 100));
  const held = heap.usedBytes - counted.weights;
  await executor.measure(examples, { from: 0, to: 100, answers: false });
  await executor.differentiate(examples, drawRows(100, BATCH));
  executor.createOptimizer(ADAM);
  assertEquals(heap.usedBytes, counted.total + held);
});

Deno.test("a decoding that does not fit into memory leaves nothing there, wherever it fails", async () => {
  using executor = await load(SIZES[0]!, 1);
  const { heap } = executor.engine;
  const { allocate } = heap;
  const sources = new Uint8Array(2 * executor.network.inputLength).fill(1);
  await executor.answer(sources); // makes what stays for every other answer
  const usedBytes = heap.usedBytes;
  const decode = async (): Promise<void> => {
    using decoding = executor.decode(sources);
    await decoding.step();
    await decoding.step({ parents: Uint32Array.of(0, 1, 1), symbols: Uint8Array.of(1, 2, 3) });
  };
  let failing = 0;
  for (let fails = true; fails;) {
    let left = failing++;
    heap.allocate = (sizeBytes) => {
      if (left-- === 0) throw new RangeError("no room");
      return allocate(sizeBytes);
    };
    fails = await decode().then(() => false, ({ message }) => message === "no room");
    assertEquals(heap.usedBytes, usedBytes, `block ${failing}`);
  }
  assert(failing > 8, `it failed at ${failing - 1} places`);
});
