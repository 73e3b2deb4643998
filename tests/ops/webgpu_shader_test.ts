import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { updateAdam } from "../../src/ops/adam/adam.ts";
import { updateAdamReference } from "../../src/ops/adam/adam_reference.ts";
import { testKernels } from "../../src/ops/self_test.ts";
import { foldWorkgroups } from "../../src/ops/webgpu/run_shader.ts";
import { checkDevice, pipelineOf } from "../../src/ops/webgpu/shader.ts";
import { assertClose } from "../assert_close.ts";
import { hasWebGpu, onCpu, readAll, testOnBackends } from "../backends.ts";
import { waveTensor } from "./waves.ts";

const LEAKS = { sanitizeOps: false, sanitizeResources: false }; // a device's promise of its loss

Deno.test({
  ...LEAKS,
  name: "a shader that does not compile is named, with its line",
  ignore: !hasWebGpu,
  async fn(): Promise<void> {
    const device = await (await navigator.gpu.requestAdapter())!.requestDevice();
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
  name: "a device that is lost is reported, with how to go on",
  ignore: !hasWebGpu,
  async fn(): Promise<void> {
    const device = await (await navigator.gpu.requestAdapter())!.requestDevice();
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
    name: `${kind} is an error at the next reading, with how to go on`,
    ignore: !hasWebGpu,
    async fn(): Promise<void> {
      const device = await (await navigator.gpu.requestAdapter())!.requestDevice();
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

async function updateLarge(update: typeof updateAdam): Promise<Float32Array> {
  const size = 65_536 * 64 + 3;
  const make = (phase: number): tf.Variable => tf.variable(waveTensor([size], phase));
  const tensors = { parameter: make(1), m: make(2), v: tf.variable(tf.ones([size])) };
  const gradient = waveTensor<tf.Rank.R1>([size], 3);
  const rates = { learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0 };
  update([{ ...tensors, gradient }], { ...rates, step: 1, clipNorm: 2 });
  tf.dispose([tensors.m, tensors.v, gradient]);
  return (await readAll([tensors.parameter]))[0]!;
}

testOnBackends("updateAdam() reaches every value above 65,535 workgroups", async () => {
  const expected = await onCpu(() => updateLarge(updateAdamReference));
  assertClose(await updateLarge(updateAdam), expected, "parameter");
});

testOnBackends("testKernels() finds nothing wrong", async () => {
  for (const cell of ["lstm", "gru", "simple"] as const) {
    assertEquals(await testKernels(cell), undefined);
  }
});
