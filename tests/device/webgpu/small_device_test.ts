import { assertEquals, assertMatch } from "@std/assert";
import { createWebGpuDevice } from "../../../src/device/webgpu/webgpu_device.ts";
import type { DeviceLimits } from "../../../src/device/webgpu/laid_out_network.ts";
import { hasWebGpu, openDevice, openGpu } from "../../devices.ts";
import type { NetworkSize } from "../../describe_two_tables.ts";
import { makeTrial, NOTEBOOK, SMALL, TINY } from "../trial.ts";
import { assertSameResults, computeResults } from "../trial_results.ts";
import { CARD, SMALLEST } from "./limits.ts";

const FOUND = { requested: "webgpu", reason: "as the test asks" } as const;

/** Registers a test that a device with low limits computes what the reference does. */
function testWithLimits(
  title: string,
  { limits, size, batchSize }: { limits: DeviceLimits; size: NetworkSize; batchSize: number },
): void {
  Deno.test({
    name: `${title} on webgpu`,
    ignore: !hasWebGpu,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn(): Promise<void> {
      const device = createWebGpuDevice(await openGpu(), FOUND, { limits });
      const found = await computeResults(device, size, batchSize);
      assertSameResults(
        found,
        await computeResults(await openDevice("reference"), size, batchSize),
      );
    },
  });
}

testWithLimits("the least limits are enough, with more units than threads", {
  ...{ limits: SMALLEST, batchSize: 3 },
  size: { ...SMALL, hiddenSize: 70, layers: 1 },
});

testWithLimits(
  "states that do not fit into a workgroup's memory are read from storage: two groups of gates",
  {
    limits: { ...SMALLEST, maxComputeInvocationsPerWorkgroup: 4, maxComputeWorkgroupSizeX: 4 },
    ...{ batchSize: 3, size: { ...SMALL, cell: "gru", layers: 1 } },
  },
);

testWithLimits(
  "a batch whose values do not fit into a buffer is taken in slices, with more workgroups than a dimension",
  {
    limits: {
      ...CARD,
      ...{ maxStorageBufferBindingSize: 16_384, maxComputeWorkgroupsPerDimension: 7 },
      maxComputeWorkgroupStorageSize: 16_384,
    },
    ...{ batchSize: 70, size: { ...SMALL, layers: 1 } },
  },
);

testWithLimits("examples that no buffer takes are uploaded as they are needed", {
  limits: { ...CARD, maxStorageBufferBindingSize: 4810, maxBufferSize: 9620 },
  ...{ batchSize: 600, size: { ...TINY, inputLength: 3 } },
});

Deno.test("findMisfit() names the largest buffer, and what the adapter takes", () => {
  const gpu = { limits: CARD } as unknown as GPUDevice;
  const device = createWebGpuDevice(gpu, FOUND);
  const { network } = makeTrial(NOTEBOOK);
  assertEquals(device.findMisfit(network, 128), undefined);
  assertEquals(device.findMisfit(network, 1_000_000), undefined); // in slices
  const small = createWebGpuDevice(gpu, FOUND, { limits: SMALLEST });
  assertMatch(
    small.findMisfit(makeTrial({ ...NOTEBOOK, hiddenSize: 700 }).network, 128)!,
    /^the largest buffer has \d\d\.\d MiB, but the WebGPU adapter takes at most 16\.0 MiB$/,
  );
});
