/** On which backends a test runs here. @module */
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../src/backend/backend.ts";
import { webGpuBackend } from "../src/ops/webgpu/device.ts";
import { submitCommands } from "../src/ops/webgpu/run_shader.ts";

/** Whether this machine has any WebGPU adapter; a software one counts for correctness. */
export const hasWebGpu = await navigator.gpu?.requestAdapter() != null;

/** Registers one test body for every backend; an absent backend's test is ignored, by name. */
export function testOnBackends(title: string, body: () => Promise<void>): void {
  testOn("cpu", title, body);
  testOn("webgpu", title, body);
}

/** Registers a test for `webgpu` alone; without an adapter it is ignored, by name. */
export function testOnWebGpu(title: string, body: () => Promise<void>): void {
  testOn("webgpu", title, body);
}

function testOn(backend: "cpu" | "webgpu", title: string, body: () => Promise<void>): void {
  Deno.test({
    name: `${title} on ${backend}`,
    ignore: backend === "webgpu" && !hasWebGpu,
    // tfjs keeps its device, and the promise of its loss, for the life of the process
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

/** Runs something on the `cpu` backend in the midst of a test on another. */
export async function onCpu<T>(body: () => Promise<T>): Promise<T> {
  const backend = tf.getBackend();
  await tf.setBackend("cpu");
  try {
    return await body();
  } finally {
    await tf.setBackend(backend);
  }
}

/** Copies tensors to the host, all in one wait for the device, and disposes of them. */
export async function readAll(tensors: readonly tf.Tensor[]): Promise<Float32Array[]> {
  const values = await Promise.all(tensors.map((tensor) => tensor.data() as Promise<Float32Array>));
  tf.dispose([...tensors]);
  return values;
}

/** Has tensors computed and disposes of them; what is computed next gets their memory, with what was written there. */
export function computeAndDiscard(tensors: readonly tf.Tensor[]): void {
  if (tf.getBackend() === "webgpu") submitCommands(webGpuBackend());
  tf.dispose([...tensors]);
}

/** Gives a function that computes the results of a test's reference once, on the `cpu` backend, for all backends under test. */
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
