import { assert, assertEquals, assertRejects } from "@std/assert";
import { ensureBackend, selectBackend } from "../../src/backend/backend.ts";
import { testBackend } from "../../src/backend/self_test.ts";
import { findAdapter, hasWebGpu, testOnBackends } from "../backends.ts";

Deno.test("selectBackend() takes the CPU when asked", async () => {
  assertEquals(await selectBackend("cpu"), { name: "cpu", requested: "cpu", reason: "as asked" });
});

Deno.test("selectBackend() refuses an unknown name", async () => {
  await assertRejects(() => selectBackend("gpu" as "cpu"), RangeError, '"gpu"');
});

Deno.test("ensureBackend() keeps what was selected", async () => {
  const report = await selectBackend("cpu");
  assertEquals(await ensureBackend(), report);
});

testOnBackends("testBackend() finds no error", async () => {
  assertEquals(await testBackend("cpu"), undefined);
});

Deno.test({
  name: "selectBackend() prefers the CPU to a software adapter, and gives the reason",
  ignore: !hasWebGpu || !(await findAdapter())!.info.isFallbackAdapter,
  async fn(): Promise<void> {
    const { name, reason, adapter } = await selectBackend("auto");
    assertEquals(name, "cpu");
    assert(reason.includes("software") && reason.includes(adapter!), reason);
  },
});

Deno.test({
  name:
    "selectBackend() falls back to the CPU if there is no adapter, and fails if WebGPU is requested",
  ignore: hasWebGpu,
  async fn(): Promise<void> {
    const { name, reason } = await selectBackend("auto");
    assertEquals(name, "cpu");
    assert(/WebGPU/.test(reason), reason);
    await assertRejects(() => selectBackend("webgpu"), Error, "Cannot use WebGPU");
  },
});
