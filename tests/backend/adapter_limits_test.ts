import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { findMissingLimit, REQUIRED_LIMITS } from "../../src/backend/adapter_limits.ts";
import { selectBackend } from "../../src/backend/backend.ts";
import { hasWebGpu } from "../backends.ts";

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
    "selectBackend() falls back to the CPU if a limit of the adapter is too low, and names the limit",
  ignore: !hasWebGpu,
  async fn(): Promise<void> {
    const limits = { ...REQUIRED_LIMITS, maxComputeInvocationsPerWorkgroup: 32 };
    await withAdapter(limits, async () => {
      const { name, reason } = await selectBackend("auto");
      assertEquals(name, "cpu");
      assertStringIncludes(reason, "Pocket GPU is too small: maxComputeInvocationsPerWorkgroup");
      const error = await assertRejects(() => selectBackend("webgpu"), Error);
      assert(error.message.includes("must be at least 64, but is 32"), error.message);
    });
    await selectBackend("cpu");
  },
});
