import { assert, assertEquals } from "@std/assert";
import { createWebGpuDevice } from "../../../src/device/webgpu/webgpu_device.ts";
import { countDeviceCalls } from "../../device_calls.ts";
import { hasWebGpu, openGpu } from "../../devices.ts";
import { ADAM, drawRows, makeExamples, makeTrial, takeSteps, TINY } from "../trial.ts";

const STEPS = 600;

for (const [batchSize, dispatches] of [[3, 3], [300, 4]] as const) {
  Deno.test({
    name:
      `a step with a batch of ${batchSize} takes ${dispatches} dispatches, and its figures are read with those of many on webgpu`,
    ignore: !hasWebGpu,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn(): Promise<void> {
      // by this clock no time passes, so that the device is given as much as if it were fast
      const device = createWebGpuDevice(
        await openGpu(),
        { requested: "webgpu", reason: "as the test asks" },
        { now: () => 0 },
      );
      const { network, values } = makeTrial(TINY);
      using executor = await device.load(network, values);
      using examples = executor.hold(makeExamples(network, 20));
      using optimizer = executor.createOptimizer(ADAM);
      const plan = { examples, optimizer, batchSize };
      await takeSteps(executor, { ...plan, order: drawRows(20, batchSize) });
      const order = drawRows(20, STEPS * batchSize);
      using calls = countDeviceCalls();
      const figures = await takeSteps(executor, { ...plan, order });
      assertEquals(figures.length, STEPS);
      assertEquals(calls.dispatches, dispatches * STEPS);
      assert(calls.submits <= 0.2 * STEPS, JSON.stringify(calls));
      assert(calls.readBacks <= 0.02 * STEPS, JSON.stringify(calls));
      assert(calls.bindGroups <= 4, JSON.stringify(calls)); // for all steps
    },
  });
}

Deno.test({
  name: "a measurement, answers and the state are each read in one read-back on webgpu",
  ignore: !hasWebGpu,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(): Promise<void> {
    const device = createWebGpuDevice(await openGpu(), {
      ...{ requested: "webgpu", reason: "as the test asks" },
    });
    const { network, values } = makeTrial(TINY);
    const examples = makeExamples(network, 20);
    using executor = await device.load(network, values);
    using held = executor.hold(examples);
    using optimizer = executor.createOptimizer(ADAM);
    const readBacksOf = async (read: () => Promise<unknown>): Promise<number> => {
      using calls = countDeviceCalls();
      await read();
      return calls.readBacks;
    };
    const range = { from: 0, to: 20, answers: true };
    assertEquals(await readBacksOf(() => executor.measure(held, range)), 1);
    const wanted = { probabilities: true };
    assertEquals(await readBacksOf(() => executor.answer(examples.sources, wanted)), 1);
    assertEquals(await readBacksOf(() => executor.readState(optimizer)), 1);
  },
});

Deno.test({
  name: "a second model of the same shape compiles nothing on webgpu",
  ignore: !hasWebGpu,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(): Promise<void> {
    const gpu = await openGpu();
    const device = createWebGpuDevice(gpu, { requested: "webgpu", reason: "as the test asks" });
    const use = async (): Promise<void> => {
      const { network, values } = makeTrial(TINY);
      using executor = await device.load(network, values);
      using examples = executor.hold(makeExamples(network, 3));
      using optimizer = executor.createOptimizer(ADAM);
      await takeSteps(executor, { examples, optimizer, batchSize: 3, order: drawRows(3, 3) });
      await executor.measure(examples, { from: 0, to: 3, answers: false });
    };
    await use();
    const original = gpu.createShaderModule;
    gpu.createShaderModule = () => {
      throw new Error("a shader was compiled");
    };
    try {
      await use();
    } finally {
      gpu.createShaderModule = original;
    }
  },
});
