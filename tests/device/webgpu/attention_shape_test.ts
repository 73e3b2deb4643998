import { assert, assertEquals } from "@std/assert";
import { CELLS } from "../../../src/network/config.ts";
import {
  chooseAttentionAnswerShape,
  chooseAttentionTrainingShape,
} from "../../../src/device/webgpu/attention/attention_shape.ts";
import { sizeAttention } from "../../../src/device/webgpu/attention/attention_sizes.ts";
import type { DeviceLimits } from "../../../src/device/webgpu/laid_out_network.ts";
import { sizeNetwork } from "../../../src/device/webgpu/network_sizes.ts";
import { layOutParameters } from "../../../src/device/webgpu/parameter_layout.ts";
import { planAnswers, planTraining } from "../../../src/device/webgpu/rows_plan.ts";
import type { AttentionNetwork } from "../../../src/network/network.ts";
import { describeAttention, SMALL_ATTENTION } from "../../describe_attention.ts";
import { CARD, SMALLEST } from "./limits.ts";

const BROWSER: DeviceLimits = {
  ...CARD,
  ...{ maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupStorageSize: 16_384 },
};

Deno.test("a workgroup for attention has no more threads and memory than the adapter allows", () => {
  for (const limits of [CARD, BROWSER, SMALLEST]) {
    for (const hiddenSize of [2, 6, 64, 70, 128, 300, 1000]) {
      for (const cell of CELLS) {
        const network = describeAttention({ ...SMALL_ATTENTION, cell, hiddenSize });
        const sizes = sizeAttention(network);
        for (const batchSize of [1, 300, 1024]) {
          const shape = chooseAttentionTrainingShape(sizes, limits, batchSize);
          const { lanes, shares, slots, rows } = shape;
          const units = Math.max(sizes.units, 2 * sizes.directionUnits);
          assert(lanes * shares <= limits.maxComputeInvocationsPerWorkgroup);
          assert(lanes * slots >= units && lanes * (slots - 1) < units);
          const gates = { lstm: 4, gru: 2, simple: 1 }[cell];
          const shared = shares === 1 ? 0 : shares * rows * lanes * gates;
          assert(4 * (shared + lanes * shares) < limits.maxComputeWorkgroupStorageSize);
        }
      }
    }
  }
});

Deno.test("with attention, the depth of a sum does not depend on how many examples are answered together", () => {
  const sizes = sizeAttention(describeAttention({ ...SMALL_ATTENTION, hiddenSize: 128 }));
  for (const limits of [CARD, BROWSER, SMALLEST]) {
    const shapes = [1, 600, 5000].map((count) => chooseAttentionAnswerShape(sizes, limits, count));
    assertEquals(new Set(shapes.map(({ lanes, shares }) => `${lanes} ${shares}`)).size, 1);
  }
});

Deno.test("the shaders of 64 layers of encoder and decoder are as long as those of 4", () => {
  const lengthsOf = (layers: number): number[] => {
    const network = describeAttention({ ...SMALL_ATTENTION, layers, encoderLayers: layers });
    const laidOut = layOut(network);
    return [
      planTraining(laidOut, 1),
      planAnswers(laidOut, { count: 1, compares: false }),
      planAnswers(laidOut, { count: 1, compares: true }),
    ].map((plan) => plan.writeShader().code.length);
  };
  const [short, long] = [lengthsOf(4), lengthsOf(64)];
  long.forEach((length, i) => assert(length < 1.05 * short[i]!));
});

Deno.test("no shader of a network with attention has more than eight storage buffers", () => {
  for (const cell of CELLS) {
    const laidOut = layOut(describeAttention({ ...SMALL_ATTENTION, cell }));
    const { bindings } = planTraining(laidOut, 1).writeShader();
    assert(bindings.filter(({ use }) => use !== "uniform").length <= 8);
  }
});

function layOut(network: AttentionNetwork): Parameters<typeof planTraining>[0] {
  const parameters = layOutParameters(network);
  return { network, limits: CARD, sizes: sizeNetwork(network), parameters };
}
