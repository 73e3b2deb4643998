import { assertRejects, assertThrows } from "@std/assert";
import { createWebGpuDevice } from "../../../src/device/webgpu/webgpu_device.ts";
import { findAdapter, hasWebGpu } from "../../devices.ts";
import { ADAM, drawRows, makeExamples, makeTrial, takeSteps, TINY } from "../trial.ts";

const ADVICE = "train --resume --backend cpu";

for (const heard of [true, false]) {
  const when = heard ? "after its loss was reported" : "before its loss is reported";
  Deno.test({
    name: `every use of a lost device says how to continue, ${when} on webgpu`,
    ignore: !hasWebGpu,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn(): Promise<void> {
      const gpu = await (await findAdapter())!.requestDevice();
      const device = createWebGpuDevice(gpu, { requested: "webgpu", reason: "as the test asks" });
      const { network, values } = makeTrial(TINY);
      const examples = makeExamples(network, 3);
      using executor = await device.load(network, values);
      using held = executor.hold(examples);
      using optimizer = executor.createOptimizer(ADAM);
      const plan = { examples: held, optimizer, batchSize: 3, order: drawRows(3, 9) };
      await takeSteps(executor, plan);
      gpu.destroy();
      if (heard) await gpu.lost;
      await assertRejects(() => takeSteps(executor, plan), Error, ADVICE);
      const range = { from: 0, to: 3, answers: true };
      await assertRejects(() => executor.measure(held, range), Error, ADVICE);
      await assertRejects(() => executor.answer(examples.sources), Error, ADVICE);
      await assertRejects(() => executor.readState(optimizer), Error, ADVICE);
      await assertRejects(() => device.load(network, values), Error, ADVICE);
      assertThrows(() => executor.hold(examples), Error, ADVICE);
      assertThrows(() => executor.createOptimizer(ADAM), Error, ADVICE);
    },
  });
}
