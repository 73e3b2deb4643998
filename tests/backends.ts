/** Registers tests for the backends of this machine. @module */
import { quietDrivers } from "../src/backend/quiet_drivers.ts";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../src/backend/backend.ts";
import { webGpuBackend } from "../src/ops/webgpu/device.ts";
import { submitCommands } from "../src/ops/webgpu/run_shader.ts";

/** Whether this machine has a WebGPU adapter; a software one is enough to test correctness. */
export const hasWebGpu: boolean = await findAdapter() != null;

/** Registers one test body for every backend; the test of an absent backend is ignored by name. */
export function testOnBackends(title: string, body: () => Promise<void>): void {
  testOn("cpu", title, body);
  testOn("webgpu", title, body);
}

/** Registers a test only for `webgpu`; without an adapter it is ignored by name. */
export function testOnWebGpu(title: string, body: () => Promise<void>): void {
  testOn("webgpu", title, body);
}

function testOn(backend: "cpu" | "webgpu", title: string, body: () => Promise<void>): void {
  Deno.test({
    name: `${title} on ${backend}`,
    ignore: backend === "webgpu" && !hasWebGpu,
    // tfjs keeps its device, and the device's `lost` promise, until the process ends
    sanitizeOps: backend === "cpu",
    sanitizeResources: backend === "cpu",
    async fn(): Promise<void> {
      await selectBackend(backend);
      try {
        await body();
      } finally {
        await selectBackend("cpu");
      }
    },
  });
}

/** Runs something on the `cpu` backend during a test on another backend. */
export async function onCpu<T>(body: () => Promise<T>): Promise<T> {
  const backend = tf.getBackend();
  await tf.setBackend("cpu");
  try {
    return await body();
  } finally {
    await tf.setBackend(backend);
  }
}

/** Copies tensors to the host, with one wait for the device, and disposes of them. */
export async function readAll(tensors: readonly tf.Tensor[]): Promise<Float32Array[]> {
  const values = await Promise.all(tensors.map((tensor) => tensor.data() as Promise<Float32Array>));
  tf.dispose([...tensors]);
  return values;
}

/** Computes tensors and disposes of them. The next tensors get their memory, with the old contents. */
export function computeAndDiscard(tensors: readonly tf.Tensor[]): void {
  if (tf.getBackend() === "webgpu") submitCommands(webGpuBackend());
  tf.dispose([...tensors]);
}

/** Gives a function that computes the reference results of a test once, on the `cpu` backend, for all backends. */
export function expectOnce<Problem>(
  compute: (problem: Problem) => tf.Tensor[],
): (problem: Problem) => Promise<Float32Array[]> {
  const known = new Map<string, Float32Array[]>();
  return async (problem) => {
    const key = JSON.stringify(problem);
    const found = known.get(key) ?? await onCpu(() => readAll(compute(problem)));
    known.set(key, found);
    return found;
  };
}

/** Looks for an adapter, without the warnings of drivers. */
export async function findAdapter(): Promise<GPUAdapter | null | undefined> {
  using _quiet = quietDrivers();
  return await navigator.gpu?.requestAdapter();
}
