import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { quietDrivers } from "../../../src/device/quiet_drivers.ts";
import { createReferenceDevice } from "../../../src/device/reference/reference_device.ts";
import { startTfjsWebGpu } from "../../../src/device/reference/tfjs_webgpu.ts";
import { hasWebGpu } from "../../devices.ts";
import { ADAM, makeExamples, makeTrial, SMALL } from "../trial.ts";

// it is alone in its file, because it ends the device that tfjs has
Deno.test({
  name: "the reference on webgpu says that the device was lost, and how to continue",
  ignore: !hasWebGpu,
  sanitizeOps: false, // the `lost` promise stays until the process ends
  sanitizeResources: false,
  async fn(): Promise<void> {
    using _quiet = quietDrivers();
    const found = { requested: "webgpu", reason: "as the test asks" } as const;
    const { network, values } = makeTrial(SMALL);
    const examples = makeExamples(network, 5);
    using executor = await (await createReferenceDevice("webgpu", found)).load(network, values);
    using held = executor.hold(examples);
    using optimizer = executor.createOptimizer(ADAM);
    using steps = executor.begin({
      ...{ examples: held, optimizer, order: new Uint32Array(4), batchSize: 2 },
      ...{ from: 0, step: 0, learningRate: () => 0.1 },
    });
    steps.take();
    assertEquals((await steps.settle()).length, 1);
    (await startTfjsWebGpu(tf)).destroy();
    steps.take();
    const sentence = "Cannot continue with WebGPU: the device was lost";
    await assertRejects(() => steps.settle(), Error, sentence);
    await assertRejects(() => executor.answer(examples.sources), Error, sentence);
    await assertRejects(() => executor.readState(optimizer), Error, sentence);
  },
});
