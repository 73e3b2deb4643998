import { assertEquals, assertRejects } from "@std/assert";
import { checkDevice, compileShader } from "../../../src/device/webgpu/pipelines.ts";
import { foldWorkgroups } from "../../../src/device/webgpu/shader.ts";
import { findAdapter, hasWebGpu } from "../../devices.ts";

const ADVICE = "train --resume --backend cpu";

/** Registers a test with a device of its own, whose `lost` promise stays pending. */
function testWithDevice(title: string, body: (device: GPUDevice) => Promise<void>): void {
  Deno.test({
    name: `${title} on webgpu`,
    ignore: !hasWebGpu,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn(): Promise<void> {
      const device = await (await findAdapter())!.requestDevice();
      await body(device);
      device.destroy();
    },
  });
}

testWithDevice(
  "a shader that does not compile is reported with its name and the line",
  async (device) => {
    const code = "@compute @workgroup_size(1)\nfn main() {\n  let a = missing;\n}";
    compileShader(device, { name: "broken", code, bindings: [] });
    const error = await assertRejects(() => checkDevice(device), Error, "the shader broken");
    assertEquals(error.message.includes("let a = missing;"), true, error.message);
    assertEquals(error.message.includes(ADVICE), true, error.message);
  },
);

testWithDevice(
  "a device that is lost is reported, with advice on how to continue",
  async (device) => {
    await checkDevice(device);
    device.destroy();
    await device.lost;
    await assertRejects(() => checkDevice(device), Error, ADVICE);
  },
);

testWithDevice(
  "a command that is not valid is an error, with advice on how to continue",
  async (device) => {
    await checkDevice(device);
    device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    await device.queue.onSubmittedWorkDone();
    const error = await assertRejects(() => checkDevice(device), Error, "a command was not valid");
    assertEquals(error.message.includes(ADVICE), true, error.message);
  },
);

testWithDevice("memory that is used up is an error that says what needs less", async (device) => {
  await checkDevice(device);
  const error = new GPUOutOfMemoryError("no room for 8 GB");
  device.dispatchEvent(new GPUUncapturedErrorEvent("uncapturederror", { error }));
  await device.queue.onSubmittedWorkDone();
  await assertRejects(
    () => checkDevice(device),
    Error,
    "memory is used up: no room for 8 GB; a smaller batch needs less",
  );
});

Deno.test("foldWorkgroups() covers every workgroup within the device's limit", () => {
  for (const count of [0, 1, 2, 65_535, 65_536, 65_537, 131_071, 4_000_000_007 % 99_999_989]) {
    const [x, y] = foldWorkgroups(count, 65_535);
    assertEquals(x <= 65_535 && y <= 65_535 && x * y >= count, true);
    assertEquals(count === 0 ? x * y === 0 : x * y - count < y, true);
  }
});
