import { assert } from "@std/assert";
import { createDataset } from "../../src/dataset/dataset.ts";
import type { BatchFigures } from "../../src/device/executor.ts";
import { generateAddition, layOutAddition, resolveAddition } from "../../src/problem/addition.ts";
import { type DeviceName, hasDevice, openDevice } from "../devices.ts";
import { makeTrial, NOTEBOOK, takeSteps } from "./trial.ts";

const STEPS = 20;
const BATCH_SIZE = 64;

/** Trains the notebook's model on sums of numbers of up to three digits, with Keras' Adam. */
async function trainNotebook(name: DeviceName): Promise<BatchFigures[]> {
  const { network, values } = makeTrial(NOTEBOOK);
  const problem = resolveAddition({ digits: 3, examples: STEPS * BATCH_SIZE });
  const dataset = createDataset(
    generateAddition(problem),
    layOutAddition(problem, true),
  );
  using executor = await (await openDevice(name)).load(network, values);
  using held = executor.hold(dataset);
  using optimizer = executor.createOptimizer({
    ...{ name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0, clipNorm: 0 },
  });
  return await takeSteps(executor, {
    ...{ examples: held, optimizer, batchSize: BATCH_SIZE, learningRate: () => 0.001 },
    order: Uint32Array.from({ length: STEPS * BATCH_SIZE }, (_, i) => i),
  });
}

Deno.test({
  name: "20 steps of the notebook's model on cpu and on webgpu agree to 1e-4 in loss",
  ignore: !hasDevice("cpu") || !hasDevice("webgpu"),
  sanitizeOps: false, // as in testOn
  sanitizeResources: false,
  async fn(): Promise<void> {
    const [cpu, webgpu] = [await trainNotebook("cpu"), await trainNotebook("webgpu")];
    assert(cpu.length === STEPS && webgpu.length === STEPS);
    cpu.forEach(({ loss }, i) => {
      const off = Math.abs(loss - webgpu[i]!.loss);
      assert(
        off <= 1e-4,
        `step ${i + 1}: the losses ${loss} and ${webgpu[i]!.loss} are ${off} apart`,
      );
    });
    assert(cpu.at(-1)!.loss < cpu[0]!.loss - 0.3, `it learnt nothing: ${cpu.at(-1)!.loss}`);
  },
});
