import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { drawEpoch } from "../../src/dataset/order.ts";
import { measureRows, sortBatches } from "../../src/dataset/sort_batches.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { createModel } from "../../src/model/create_model.ts";
import { checkModelConfig } from "../../src/network/config.ts";
import { runAtOnce } from "../../src/time/slices.ts";
import { type BudgetTask, measureSpeed, planBudget } from "../../src/training/budget.ts";
import { resolveTraining } from "../../src/training/resolve_training.ts";
import { layOutTexts, makeTinySplit, TINY_MODEL } from "../tiny_training.ts";
import { createFakeDevice } from "./fake_device.ts";

/** An epoch of 45,000 examples in 704 steps takes 3 s, of which 0.184 s are the measurement. */
const TASK: BudgetTask = {
  leftMs: 60_000,
  speed: { stepMs: 4, measureMs: 0.0368 },
  ...{ batchSize: 64, examples: 50_000, heldBack: 5000, mostExamples: 500_500 },
};

Deno.test("planBudget() plans as many epochs as fit", () => {
  const { epochs, examples, expectedMs } = planBudget(TASK);
  assertEquals([epochs, examples], [20, 50_000]);
  assertAlmostEquals(expectedMs, 60_000, 10);
});

Deno.test("planBudget() makes few epochs shorter or longer, so that the time is met", () => {
  const planFor = (leftMs: number): number[] => {
    const { epochs, examples, expectedMs } = planBudget({ ...TASK, leftMs });
    assertAlmostEquals(expectedMs, leftMs, 10);
    return [epochs, examples];
  };
  assertEquals(planFor(3000), [1, 50_000]);
  assertEquals(planFor(1500), [1, 25_000]);
  assertEquals(planFor(4200), [1, 70_000]);
  assertEquals(planFor(5400), [2, 45_000]);
});

Deno.test("planBudget() keeps a number of examples that must stay, and trains for at least one epoch", () => {
  const planFor = (leftMs: number): number[] => {
    const { epochs, examples } = planBudget({ ...TASK, leftMs, mostExamples: undefined });
    return [epochs, examples];
  };
  assertEquals(planFor(1), [1, 50_000]);
  assertEquals(planFor(5400), [1, 50_000]);
  assertEquals(planFor(Infinity), [1_000_000, 50_000]);
});

Deno.test("planBudget() meets every time that is long enough, within a tenth", () => {
  fc.assert(fc.property(
    fc.double({ min: 500, max: 1e6, noNaN: true }),
    fc.double({ min: 0.05, max: 50, noNaN: true }),
    fc.integer({ min: 5000, max: 500_000 }),
    (leftMs, stepMs, examples) => {
      const speed = { stepMs, measureMs: stepMs / 200 };
      const task = { ...TASK, leftMs, speed, examples, heldBack: Math.floor(examples / 10) };
      const plan = planBudget({ ...task, mostExamples: examples });
      assert(plan.examples <= examples);
      if (plan.examples < 2000 || plan.epochs === 1_000_000) return; // a step more or less is too much, or it is the limit
      assert(Math.abs(plan.expectedMs / leftMs - 1) < 0.1, JSON.stringify(plan));
    },
  ));
});

/** A clock that a step moves by 10 ms and the measurement of an example by 2 ms. */
function createStepClock({ calls }: ReturnType<typeof createFakeDevice>): () => number {
  return () =>
    10 * calls.taken.length + 4 * calls.names.filter((name) => name === "measure").length;
}

Deno.test("measureSpeed() gives the time of a step and of a measured example, and releases everything", async () => {
  const device = createFakeDevice({ bunch: 3, late: 1 });
  using model = await createModel(TINY_MODEL, { device });
  const options = resolveTraining({ batchSize: 2 });
  const now = createStepClock(device);
  const { stepMs, measureMs } = await measureSpeed(model, options, { now, atLeastMs: 1000 });
  assertEquals([stepMs, measureMs], [10, 2]); // two examples are measured at once
  assertEquals(device.calls.held, 0);
});

Deno.test("measureSpeed() leaves the parameters as they are, and stops at a signal", async () => {
  const device = await chooseDevice("cpu", { threads: 1 });
  using model = await createModel(TINY_MODEL, { device });
  const before = await model.executor.readState();
  const options = resolveTraining({ batchSize: 2 });
  let ms = 0;
  const now = (): number => ms += 100;
  await measureSpeed(model, options, { now, atLeastMs: 500 });
  assertEquals(await model.executor.readState(), before);
  const reason = new Error("enough");
  const signal = AbortSignal.abort(reason);
  const stopped = measureSpeed(model, options, { now, atLeastMs: 500, signal });
  await assertRejects(() => stopped, Error, "enough");
});

Deno.test("measureSpeed() takes batches of given examples as a training does", async () => {
  const device = createFakeDevice();
  const config = checkModelConfig({
    ...{ cell: "lstm", hiddenSize: 8, layers: 1, decoder: "attention" },
    ...layOutTexts(3, 2),
  });
  using model = await createModel(config, { device });
  const { training: examples } = makeTinySplit();
  const options = resolveTraining({ batchSize: 8, seed: 5, dropout: 0.1 });
  const now = createStepClock(device);
  await measureSpeed(model, options, { now, atLeastMs: 100, examples });
  const taken = device.calls.plans.flatMap(({ order }) => [...order]);
  const order = runAtOnce(drawEpoch(examples.count, { seed: 5, epoch: 1 }));
  const measures = runAtOnce(measureRows(examples));
  runAtOnce(sortBatches(order, { batchSize: 8, measures }));
  const whole = [...order.subarray(0, 48)];
  assertEquals(taken.slice(0, 96), [...whole, ...whole]);
  assertEquals(device.calls.plans[0]!.regularization?.dropout, 0.1);
  assertEquals(device.calls.held, 0);
});
