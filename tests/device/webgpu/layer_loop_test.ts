import { assert, assertEquals } from "@std/assert";
import { groupBackward, groupForward } from "../../../src/device/webgpu/layer_loop.ts";
import { layOutKept } from "../../../src/device/webgpu/kept_layout.ts";
import { sizeNetwork } from "../../../src/device/webgpu/network_sizes.ts";
import { layOutParameters } from "../../../src/device/webgpu/parameter_layout.ts";
import { writeRows } from "../../../src/device/webgpu/rows.ts";
import { chooseTrainingShape } from "../../../src/device/webgpu/rows_shape.ts";
import { openDevice, testOnWebGpu } from "../../devices.ts";
import { makeTrial, SMALL } from "../trial.ts";
import { assertSameResults, computeResults } from "../trial_results.ts";
import { CARD } from "./limits.ts";

Deno.test("layers are written once if they and their neighbours differ only in their places", () => {
  const { network } = makeTrial({ ...SMALL, layers: 5 });
  const runs = (groups: ReturnType<typeof groupForward>): number[][] =>
    groups.map(({ first, count }) => [first, count]);
  assertEquals(runs(groupForward(network)), [[0, 1], [1, 1], [2, 4], [6, 1]]);
  assertEquals(runs(groupBackward(network)), [[0, 1], [1, 1], [2, 3], [5, 1], [6, 1]]);
});

Deno.test("the shader of 64 layers is as long as that of 4", () => {
  const lengthOf = (layers: number): number => {
    const { network } = makeTrial({ ...SMALL, layers });
    const sizes = sizeNetwork(network);
    const shape = chooseTrainingShape(sizes, CARD, 1);
    const kept = layOutKept(network, sizes, { pass: "train", shape });
    const parameters = layOutParameters(network);
    return writeRows({ network, sizes, parameters, kept, shape, pass: "train" }).code.length;
  };
  assert(lengthOf(64) < 1.05 * lengthOf(4));
});

for (const [cell, layers] of [["gru", 5], ["lstm", 64]] as const) {
  testOnWebGpu(`${layers} layers of ${cell} give the reference's results`, async (device) => {
    const size = { ...SMALL, cell, layers, hiddenSize: 4 };
    const found = await computeResults(device, size, 3);
    assertSameResults(found, await computeResults(await openDevice("reference"), size, 3));
  });
}
