import { assert, assertEquals } from "@std/assert";
import { layOutParameters } from "../../../src/device/webgpu/parameter_layout.ts";
import { sizeNetwork } from "../../../src/device/webgpu/network_sizes.ts";
import { chooseAnswerShape, chooseTrainingShape } from "../../../src/device/webgpu/rows_shape.ts";
import { chooseStepShape } from "../../../src/device/webgpu/step_shape.ts";
import { CARD, SMALLEST } from "./limits.ts";
import { makeTrial, NOTEBOOK } from "../trial.ts";

const { network } = makeTrial(NOTEBOOK);
const sizes = sizeNetwork(network);
const parameters = layOutParameters(network);

Deno.test("on a card the notebook's model is computed in the shapes that were measured to be fastest", () => {
  const shapes = [64, 128, 1024, 8192].map((batchSize) => {
    const { rows, cuts } = chooseStepShape({ network, sizes, parameters, limits: CARD }, batchSize);
    return [rows.rows, rows.shares, cuts];
  });
  assertEquals(shapes, [[1, 4, 1], [1, 4, 1], [4, 4, 8], [8, 1, 16]]);
});

Deno.test("a workgroup has no more threads and memory than the adapter allows", () => {
  for (const limits of [CARD, SMALLEST, { ...CARD, maxComputeInvocationsPerWorkgroup: 256 }]) {
    for (const hiddenSize of [1, 5, 64, 70, 128, 1000, 8192]) {
      for (const cell of ["lstm", "gru", "simple"] as const) {
        const sizes = sizeNetwork(makeTrial({ ...NOTEBOOK, cell, hiddenSize: 1 }).network);
        const units = 4 * Math.ceil(hiddenSize / 4);
        const shape = chooseTrainingShape({ ...sizes, units }, limits, 1024);
        const { lanes, shares, slots, rows, memory } = shape;
        assert(lanes * shares <= limits.maxComputeInvocationsPerWorkgroup);
        assert(lanes * slots >= units && lanes * (slots - 1) < units);
        const gates = { lstm: 4, gru: 3, simple: 1 }[cell];
        const bytes = 4 * rows * units * (1 + gates); // states and gradients, at least
        assert(memory === "storage" || bytes <= limits.maxComputeWorkgroupStorageSize);
      }
    }
  }
});

Deno.test("the depth of a sum does not depend on how many examples are answered together", () => {
  for (const limits of [CARD, { ...CARD, maxComputeWorkgroupStorageSize: 16_384 }, SMALLEST]) {
    const shapes = [1, 600, 5000].map((count) => chooseAnswerShape(sizes, limits, count));
    assertEquals(new Set(shapes.map(({ shares, slots }) => `${shares} ${slots}`)).size, 1);
  }
});
