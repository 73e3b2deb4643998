import { assert, assertEquals } from "@std/assert";
import { memory } from "@tensorflow/tfjs";
import { CpuExecutor } from "../../src/device/cpu/cpu_executor.ts";
import type { Device, Executor } from "../../src/device/executor.ts";
import { countDeviceCalls } from "../device_calls.ts";
import { type DeviceName, testOn } from "../devices.ts";
import type { Network } from "../../src/network/network.ts";
import { TINY_ATTENTION } from "../describe_attention.ts";
import { decodeSome } from "./decode_some.ts";
import {
  ADAM,
  drawRows,
  makeAttentionTrial,
  makeExamples,
  makeTrial,
  takeSteps,
  TINY,
  type Trial,
} from "./trial.ts";

const COUNT = 20;

/** Makes a function that tells what an executor holds on its device, in the device's own measure. */
type Measure = () => ((executor: Executor) => number) & Disposable;

const MEASURES: Readonly<Record<DeviceName, Measure>> = {
  reference: () => disposable(() => memory().numTensors),
  cpu: () =>
    disposable((executor) =>
      // its memory is its own, and is given back as a whole
      executor instanceof CpuExecutor && !executor.disposed ? executor.engine.heap.usedBytes : 0
    ),
  webgpu: () => {
    const calls = countDeviceCalls();
    return disposable(() => calls.heldBytes, () => calls[Symbol.dispose]());
  },
};

function disposable(
  measure: (executor: Executor) => number,
  dispose: () => void = () => {},
): ReturnType<Measure> {
  return Object.assign((executor: Executor) => measure(executor), { [Symbol.dispose]: dispose });
}

const TRIALS: Readonly<Record<Network["decoder"], Trial<Network>>> = {
  repeat: makeTrial(TINY),
  attention: makeAttentionTrial(TINY_ATTENTION),
};

/** Trains, measures, answers and decodes four times. @returns what is held after each, and after disposal */
async function useExecutor(
  device: Device,
  { network, values }: Trial<Network>,
  steps: number,
  measure: (executor: Executor) => number,
): Promise<number[]> {
  const examples = makeExamples(network, COUNT);
  const executor = await device.load(network, values);
  const held = executor.hold(examples);
  const found: number[] = [];
  for (let turn = 0; turn < 4; turn++) {
    using optimizer = executor.createOptimizer(ADAM);
    const order = drawRows(COUNT, steps / 4);
    await takeSteps(executor, { examples: held, optimizer, order, batchSize: 1 });
    await executor.measure(held, { from: 0, to: COUNT, answers: true });
    await executor.answer(examples.sources, { probabilities: true });
    await executor.differentiate(held, order.subarray(0, 3));
    await decodeSome(executor, examples.sources);
    found.push(measure(executor));
  }
  executor[Symbol.dispose]();
  return [...found, measure(executor)];
}

for (const [decoder, trial] of Object.entries(TRIALS)) {
  for (const name of ["reference", "cpu", "webgpu"] as const) {
    testOn(
      name,
      `an executor of ${decoder} holds no more after 1,000 steps, and nothing after disposal`,
      async (device) => {
        await useExecutor(device, trial, 8, () => 0); // what a device makes once, such as pipelines
        using measure = MEASURES[name]();
        const [first, ...later] = await useExecutor(device, trial, 1000, measure);
        assert(first! > 0);
        assertEquals(later, [first, first, first, 0]);
      },
    );
  }
}
