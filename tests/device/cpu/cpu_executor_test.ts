import { layOutTexts } from "../../tiny_training.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { countCpuBytes } from "../../../src/device/cpu/cpu_cost.ts";
import { createCpuDevice } from "../../../src/device/cpu/cpu_device.ts";
import { CpuExecutor } from "../../../src/device/cpu/cpu_executor.ts";
import { layOut, layoutBytes } from "../../../src/device/cpu/layout.ts";
import type { KernelBuild } from "../../../src/device/cpu/kernel_build.ts";
import { type Cell, CELLS } from "../../../src/network/config.ts";
import type { NamedTensor } from "../../../src/network/parameters.ts";
import { describeNetwork } from "../../../src/network/describe_network.ts";
import type { NetworkSize } from "../../describe_two_tables.ts";
import { ADAM, drawRows, makeExamples, makeTrial, NOTEBOOK, SMALL, takeSteps } from "../trial.ts";

/** Networks large enough for threads; the second has weights that several panels share. */
const SIZES: readonly NetworkSize[] = [
  ...CELLS.map((cell): NetworkSize => ({
    ...{ cell, hiddenSize: { lstm: 50, gru: 57, simple: 99 }[cell], layers: 2 },
    ...{ inputLength: 7, outputLength: 3, sourceVocabularySize: 12, targetVocabularySize: 21 },
  })),
  { ...SMALL, cell: "lstm", hiddenSize: 262, layers: 1 },
];

/** Batches with a last panel of few examples, and a last batch of a few panels. */
const BATCH = 77;

async function load(size: NetworkSize, threads: number, build?: KernelBuild): Promise<CpuExecutor> {
  const { network, values } = makeTrial(size);
  const device = createCpuDevice({ threads, ...(build !== undefined && { build }) });
  const executor = await device.load(network, values);
  assert(executor instanceof CpuExecutor);
  return executor;
}

/** Takes steps on each of some numbers of threads in turn; the state is carried from one executor to the next. */
async function train(size: NetworkSize, threads: readonly number[]): Promise<NamedTensor[]> {
  const { network, values } = makeTrial(size);
  const examples = makeExamples(network, 200);
  let state: Float32Array[] = [...values];
  let tensors: NamedTensor[] = [];
  for (const [i, count] of threads.entries()) {
    using executor = await load(size, count);
    executor.writeParameters(state.slice(0, values.length));
    const held = executor.hold(examples);
    const moments = state.slice(values.length);
    const optimizer = executor.createOptimizer(ADAM, moments.length > 0 ? moments : undefined);
    const order = drawRows(200, 2 * BATCH + 20, i);
    await takeSteps(executor, { examples: held, optimizer, order, batchSize: BATCH, step: 3 * i });
    await takeSteps(executor, { examples: held, optimizer, order, batchSize: BATCH, from: 1 });
    assert(executor.engine.runningThreads >= Math.min(count, 6)); // each step starts one more
    tensors = await executor.readState(optimizer);
    state = tensors.map(({ values }) => values);
  }
  return tensors;
}

for (const size of SIZES) {
  const what = `${size.cell} with hidden size ${size.hiddenSize}`;
  Deno.test(`steps of ${what} give the same bytes on 1, 2, 3 and 7 threads, and on one number after the other`, async () => {
    const expected = await train(size, [1, 1]);
    for (const threads of [[2, 7], [3, 3]]) {
      const found = await train(size, threads);
      found.forEach(({ name, values }, i) =>
        assert(isSame(values, expected[i]!.values), `${name} differs on ${threads} threads`)
      );
    }
  });
}

function isSame(a: Float32Array, b: Float32Array): boolean {
  return a.every((value, i) => value === b[i]);
}

Deno.test("measures and answers are the same on any number of threads", async () => {
  const { network } = makeTrial(NOTEBOOK);
  const examples = makeExamples(network, 5000);
  const evaluate = async (threads: number): Promise<unknown> => {
    using executor = await load(NOTEBOOK, threads);
    const held = executor.hold(examples);
    const measured = await executor.measure(held, { from: 3, to: 4999, answers: true });
    const answers = await executor.answer(examples.sources, { probabilities: true });
    return { measured, answers };
  };
  const expected = await evaluate(1);
  assertEquals(await evaluate(3), expected);
});

for (const cell of CELLS) {
  Deno.test(`differentiate() of ${cell} gives the same gradients with and without fused multiply-add`, async () => {
    const size = SIZES.find((size) => size.cell === cell)!;
    const gradientsOf = async (build: KernelBuild): Promise<readonly Float32Array[]> => {
      using executor = await load(size, 1, build);
      const held = executor.hold(makeExamples(executor.network, 100));
      return (await executor.differentiate(held, drawRows(100, BATCH))).gradients;
    };
    const expected = await gradientsOf("simd");
    (await gradientsOf("relaxed")).forEach((values, i) => {
      const difference = Math.hypot(...values.map((value, n) => value - expected[i]![n]!));
      assert(difference <= 3e-6 * Math.hypot(...expected[i]!), `gradient ${i} is off`);
    });
  });
}

Deno.test("no thread is started for a small batch or a single answer", async () => {
  using executor = await load(NOTEBOOK, 4);
  const held = executor.hold(makeExamples(executor.network, 8));
  const optimizer = executor.createOptimizer(ADAM);
  await takeSteps(executor, { examples: held, optimizer, order: drawRows(8, 24), batchSize: 8 });
  await executor.answer(new Uint8Array(7));
  assertEquals(executor.engine.runningThreads, 1);
});

Deno.test("disposing of an executor ends its threads, and leaves those of another", async () => {
  const start = async (): Promise<CpuExecutor> => {
    const executor = await load(NOTEBOOK, 2);
    const held = executor.hold(makeExamples(executor.network, 64));
    await executor.differentiate(held, drawRows(64, 64));
    return executor;
  };
  const [one, other] = [await start(), await start()];
  one[Symbol.dispose]();
  assertEquals([one, other].map(({ engine }) => engine.runningThreads), [1, 2]);
  other[Symbol.dispose]();
});

Deno.test("the bytes that a training is said to need are those that it allocates", async () => {
  for (
    const { size, batchSize, threads } of [
      ...SIZES.map((size) => ({ size, batchSize: BATCH, threads: 3 })),
      { size: NOTEBOOK, batchSize: 64, threads: 1 },
      { size: NOTEBOOK, batchSize: 3, threads: 2 },
    ]
  ) {
    using executor = await load(size, threads);
    const { engine: { heap }, network } = executor;
    const held = executor.hold(makeExamples(network, 200));
    const optimizer = executor.createOptimizer(ADAM);
    const order = drawRows(200, 2 * batchSize);
    await takeSteps(executor, { examples: held, optimizer, order, batchSize });
    await executor.measure(held, { from: 0, to: 200, answers: true });
    const heldBytes = layoutBytes(layOut([
      ["sources", 200 * network.inputLength + 200 * network.outputLength],
    ]));
    const { total } = countCpuBytes(network, { examples: batchSize, threads });
    assertEquals(heap.usedBytes - heldBytes, total, JSON.stringify(size));
  }
});

Deno.test("an executor holds no more memory after many steps, measures and answers", async () => {
  using executor = await load(SMALL, 1);
  const { engine: { heap }, network } = executor;
  const { sources } = makeExamples(network, 30);
  const found = new Set<number>();
  for (let round = 0; round < 20; round++) {
    using held = executor.hold(makeExamples(network, 30));
    using optimizer = executor.createOptimizer(ADAM);
    const order = drawRows(30, 90);
    await takeSteps(executor, { examples: held, optimizer, order, batchSize: 7 });
    await executor.measure(held, { from: 0, to: 30, answers: true });
    await executor.answer(sources, { probabilities: true });
    await executor.differentiate(held, drawRows(30, 20));
    found.add(heap.usedBytes);
  }
  assertEquals(found.size, 1);
});

Deno.test("findMisfit() says what does not fit, and load() refuses it", async () => {
  const describe = (cell: Cell, hiddenSize: number): ReturnType<typeof describeNetwork> =>
    describeNetwork({
      ...{ cell, hiddenSize, layers: 1 },
      ...layOutTexts(7, 4),
    });
  const device = createCpuDevice({ threads: 2 });
  assertEquals(device.findMisfit(describe("lstm", 1024), 128), undefined);
  assertEquals(
    device.findMisfit(describe("lstm", 8192), 128)!.replace(/needs [\d.]+/, "needs N"),
    "a step needs N GiB of the compute kernels' memory, which has room for 3.72 GiB",
  );
  const huge = describe("lstm", 8192);
  const one = new Float32Array(1);
  const values = huge.parameters.map(() => one);
  await assertRejects(() => device.load(huge, values), TypeError, "Cannot load the network");
});

Deno.test("after a step that failed, an executor refuses to answer, measure and read, until its parameters are written", async () => {
  const { network, values } = makeTrial(SMALL);
  using executor = await load(SMALL, 1);
  const held = executor.hold(makeExamples(network, 8));
  const optimizer = executor.createOptimizer(ADAM);
  const order = drawRows(8, 8, 1);
  const plan = { examples: held, optimizer, order, batchSize: 4 };
  await takeSteps(executor, plan); // the weights are packed
  const { engine } = executor;
  const run = engine.run;
  engine.run = () => {
    throw new Error("thread 1 of 2 is dead: it ended");
  };
  await assertRejects(() => takeSteps(executor, plan), Error, "thread 1 of 2 is dead");
  engine.run = run;
  const sources = new Uint8Array(network.inputLength);
  const uses = {
    answer: () => executor.answer(sources),
    measure: () => executor.measure(held, { from: 0, to: 8, answers: false }),
    "read the parameters": () => executor.readState(optimizer),
    "take steps": () => takeSteps(executor, plan),
  };
  for (const [action, use] of Object.entries(uses)) {
    await assertRejects(
      async () => void await use(),
      Error,
      `Cannot ${action}: a step failed, and some parameters may be of before it; load the model again, or write its parameters (thread 1 of 2 is dead: it ended)`,
    );
  }
  executor.writeParameters(values);
  for (const use of Object.values(uses)) await use();
});
