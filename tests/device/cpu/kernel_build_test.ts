import { assertEquals } from "@std/assert";

const SOURCES = new URL("../../../src/device/cpu/", import.meta.url);
const canRead =
  (await Deno.permissions.query({ name: "read", path: SOURCES })).state === "granted" &&
  (await Deno.permissions.query({ name: "env" })).state === "granted";

Deno.test({
  name: "buildKernels() gives the bytes that are committed",
  ignore: !canRead,
  async fn(): Promise<void> {
    const { buildKernels } = await import("../../../.ci/build_kernels.ts"); // asks for permissions
    for (const [path, bytes] of await buildKernels()) {
      const committed = await Deno.readFile(new URL(path, SOURCES));
      assertEquals(bytes.length, committed.length, path);
      assertEquals(bytes.every((byte, i) => byte === committed[i]), true, path);
    }
  },
});
