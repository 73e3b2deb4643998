import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { updateAdam } from "../../src/ops/adam/adam.ts";
import { testKernels } from "../../src/ops/self_test.ts";
import { foldWorkgroups } from "../../src/ops/webgpu/run_shader.ts";
import { checkDevice, pipelineOf } from "../../src/ops/webgpu/shader.ts";
import { assertClose } from "../assert_close.ts";
import { findAdapter, hasWebGpu, readAll, testOnBackends, testOnWebGpu } from "../backends.ts";
import { waves } from "./waves.ts";

const LEAKS = { sanitizeOps: false, sanitizeResources: false }; // a device's `lost` promise stays pending

Deno.test({
  ...LEAKS,
  name: "a shader that does not compile is reported with its name and the line",
  ignore: !hasWebGpu,
  async fn(): Promise<void> {
    const device = await (await findAdapter())!.requestDevice();
    const code = "@compute @workgroup_size(1)\nfn main() {\n  let a = missing;\n}";
    pipelineOf(device, { name: "broken", code, buffers: [] }, {});
    const error = await assertRejects(() => checkDevice(device), Error, "the shader broken");
    assertEquals(error.message.includes("let a = missing;"), true, error.message);
    assertEquals(error.message.includes("3"), true, error.message);
    device.destroy();
  },
});

Deno.test({
  ...LEAKS,
  name: "a device that is lost is reported, with advice on how to continue",
  ignore: !hasWebGpu,
  async fn(): Promise<void> {
    const device = await (await findAdapter())!.requestDevice();
    await checkDevice(device);
    device.destroy();
    await device.lost;
    await assertRejects(() => checkDevice(device), Error, "train --resume --backend cpu");
  },
});

for (
  const { kind, provoke, said } of [
    {
      kind: "a command that is not valid",
      provoke: (device: GPUDevice): void => {
        device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
      },
      said: "a command was not valid",
    },
    {
      kind: "memory that is used up",
      provoke: (device: GPUDevice): void => {
        const error = new GPUOutOfMemoryError("no room for 8 GB");
        device.dispatchEvent(new GPUUncapturedErrorEvent("uncapturederror", { error }));
      },
      said: "memory is used up: no room for 8 GB; a smaller batch needs less",
    },
  ]
) {
  Deno.test({
    ...LEAKS,
    name: `${kind} is an error at the next read-back, with advice on how to continue`,
    ignore: !hasWebGpu,
    async fn(): Promise<void> {
      const device = await (await findAdapter())!.requestDevice();
      await checkDevice(device);
      provoke(device);
      await device.queue.onSubmittedWorkDone();
      const error = await assertRejects(() => checkDevice(device), Error, said);
      assertEquals(error.message.includes("train --resume --backend cpu"), true, error.message);
      device.destroy();
    },
  });
}

Deno.test("foldWorkgroups() covers every workgroup within the device's limit", () => {
  for (const count of [1, 2, 65_535, 65_536, 65_537, 131_071, 4_000_000_007 % 99_999_989]) {
    const [x, y] = foldWorkgroups(count, 65_535);
    assertEquals(x <= 65_535 && y <= 65_535 && x * y >= count && x * y - count < y, true);
  }
});

testOnWebGpu("updateAdam() updates every value above 65,535 workgroups", async () => {
  const size = 65_536 * 64 + 3;
  const [w, m, g] = [waves(size, 1), waves(size, 2), waves(size, 3)];
  const variables = [w, m, new Float32Array(size).fill(1)].map((values) =>
    tf.variable(tf.tensor1d(values))
  );
  const [parameter, first, second] = variables as [tf.Variable, tf.Variable, tf.Variable];
  const gradient = tf.tensor1d(g);
  updateAdam([{ parameter, m: first, v: second, gradient }], {
    ...{ step: 1, learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    ...{ weightDecay: 0, clipNorm: 2 },
  });
  tf.dispose([first, second, gradient]);
  const factor = 2 / Math.sqrt(g.reduce((sum, value) => sum + value * value, 0));
  const alpha = 0.1 * Math.sqrt(1 - 0.999) / (1 - 0.9);
  const expected = new Float64Array(size).map((_, i) => {
    const clipped = g[i]! * factor;
    const variance = 0.999 + 0.001 * clipped * clipped;
    return w[i]! - alpha * (0.9 * m[i]! + 0.1 * clipped) / (Math.sqrt(variance) + 1e-7);
  });
  assertClose((await readAll([parameter]))[0]!, expected, "parameter");
});

testOnBackends("testKernels() finds no error", async () => {
  for (const cell of ["lstm", "gru", "simple"] as const) {
    assertEquals(await testKernels(cell), undefined);
  }
});
