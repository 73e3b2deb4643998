import { assert, assertEquals } from "@std/assert";
import type { Device } from "../../src/device/executor.ts";
import { countDeviceCalls } from "../device_calls.ts";
import { type DeviceName, testOn } from "../devices.ts";
import { ADAM, drawRows, makeExamples, makeTrial, takeSteps, TINY } from "./trial.ts";

const COUNT = 20;

/** Loads a small network, and trains, measures and answers with it. `held` tells what is held after some steps, and after disposal. */
async function useExecutor(device: Device, steps: number, held: () => number): Promise<number[]> {
  const { network, values } = makeTrial(TINY);
  const examples = makeExamples(network, COUNT);
  const found: number[] = [];
  {
    using executor = await device.load(network, values);
    using heldExamples = executor.hold(examples);
    for (let done = 0; done < steps; done += steps / 4) {
      using optimizer = executor.createOptimizer(ADAM);
      const order = drawRows(COUNT, steps / 4);
      await takeSteps(executor, { examples: heldExamples, optimizer, order, batchSize: 1 });
      await executor.measure(heldExamples, { from: 0, to: COUNT, answers: true });
      await executor.answer(examples.sources, { probabilities: true });
      await executor.differentiate(heldExamples, order.subarray(0, 3));
      found.push(held());
    }
  }
  return [...found, held()];
}

/** What each device holds, in its own measure. */
const MEASURES: Readonly<Record<DeviceName, () => Promise<{ held(): number } & Disposable>>> = {
  cpu: () => Promise.resolve({ held: () => 0, [Symbol.dispose]: () => {} }),
  webgpu: () => {
    const calls = countDeviceCalls();
    const dispose = (): void => calls[Symbol.dispose]();
    return Promise.resolve({ held: () => calls.heldBytes, [Symbol.dispose]: dispose });
  },
  reference: async () => {
    const { memory } = await import("@tensorflow/tfjs");
    return { held: () => memory().numTensors, [Symbol.dispose]: () => {} };
  },
};

for (const name of ["reference", "cpu", "webgpu"] as const) {
  testOn(
    name,
    "an executor holds no more after 1,000 steps, and nothing after disposal",
    async (device) => {
      await useExecutor(device, 4, () => 0); // what a device makes once, such as pipelines
      using measure = await MEASURES[name]();
      const before = measure.held();
      const found = await useExecutor(device, 1000, measure.held);
      const after = found.pop();
      assert(
        found.every((held) => held === found[0]),
        `held after 250, 500, 750 and 1,000: ${found}`,
      );
      assertEquals(after, before);
    },
  );
}
