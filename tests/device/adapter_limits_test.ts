import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { findMissingLimit, REQUIRED_LIMITS } from "../../src/device/adapter_limits.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { hasWebGpu } from "../devices.ts";

Deno.test("findMissingLimit() names the first limit that is too low, and none if all suffice", () => {
  assertEquals(findMissingLimit(REQUIRED_LIMITS), undefined);
  const small = { ...REQUIRED_LIMITS, maxStorageBuffersPerShaderStage: 4 };
  assertEquals(
    findMissingLimit(small),
    "maxStorageBuffersPerShaderStage must be at least 8, but is 4",
  );
});

/** Makes the platform report a hardware adapter with some limits during a test. */
async function withAdapter(limits: object, body: () => Promise<void>): Promise<void> {
  const { gpu } = navigator;
  const original = gpu.requestAdapter;
  const info = { description: "Pocket GPU", isFallbackAdapter: false };
  gpu.requestAdapter = () => Promise.resolve({ info, limits } as unknown as GPUAdapter);
  try {
    await body();
  } finally {
    gpu.requestAdapter = original;
  }
}

Deno.test({
  name:
    "chooseDevice() falls back to the CPU if a limit of the adapter is too low, and names the limit",
  ignore: !hasWebGpu,
  async fn(): Promise<void> {
    const limits = { ...REQUIRED_LIMITS, maxComputeInvocationsPerWorkgroup: 32 };
    await withAdapter(limits, async () => {
      const { backend, reason } = (await chooseDevice("auto")).report;
      assertEquals(backend, "cpu");
      assertStringIncludes(reason, "Pocket GPU is too small: maxComputeInvocationsPerWorkgroup");
      const error = await assertRejects(() => chooseDevice("webgpu"), Error);
      assert(error.message.includes("must be at least 64, but is 32"), error.message);
    });
  },
});
