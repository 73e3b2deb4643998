/** Registers tfjs kernels for the `cpu` and `webgpu` backends, when they are first used. @module */
import * as tf from "@tensorflow/tfjs";
import { type CpuBackend, reclaimBlocks } from "./resident_tensors.ts";
import type { WebGpuBackend } from "./webgpu/device.ts";

/** The arguments of a kernel. */
export interface KernelRun<Backend> {
  readonly inputs: tf.NamedTensorInfoMap;
  readonly attrs: tf.NamedAttrMap | undefined;
  readonly backend: Backend;
}

/** The result of a kernel: its outputs, followed by the tensors that it keeps for its gradient. */
export type KernelResult = tf.TensorInfo | tf.TensorInfo[];

/** A kernel for each backend, and its gradient if it has one. */
export interface Registration {
  readonly cpu: (run: KernelRun<CpuBackend>) => KernelResult;
  readonly webgpu: (run: KernelRun<WebGpuBackend>) => KernelResult;
  readonly gradient?: Omit<tf.GradConfig, "kernelName">;
}

/** Backends that have compute kernels. */
const BACKENDS: readonly string[] = ["cpu", "webgpu"];

/** Says whether the backend in use has compute kernels; on other backends, ops use tfjs's operations. */
export function usesKernels(): boolean {
  return BACKENDS.includes(tf.getBackend());
}

/** Registers a kernel under a name, unless it is registered already. */
export function registerOnce(kernelName: string, { cpu, webgpu, gradient }: Registration): void {
  if (tf.getKernel(kernelName, "cpu") !== undefined) return;
  tf.registerKernel({
    kernelName,
    backendName: "cpu",
    kernelFunc: ({ inputs, attrs, backend }) => {
      reclaimBlocks();
      return cpu({ inputs, attrs, backend: backend as unknown as CpuBackend });
    },
  });
  tf.registerKernel({
    kernelName,
    backendName: "webgpu",
    kernelFunc: ({ inputs, attrs, backend }) =>
      webgpu({ inputs, attrs, backend: backend as unknown as WebGpuBackend }),
  });
  if (gradient !== undefined) tf.registerGradient({ kernelName, ...gradient });
}

/** The outputs that a gradient gets: all but the first. `cpu` kernels have one other, `webgpu` kernels several. */
export const SAVE_ALL_BUT_FIRST: boolean[] = [false, true, true, true, true, true, true];

/** Names the saved tensors: the first `ticket`, the others `kept0`, `kept1` … */
export function nameSaved(saved: readonly tf.Tensor[]): Record<string, tf.Tensor> {
  return Object.fromEntries(
    saved.map((tensor, i) => [i === 0 ? "ticket" : `kept${i - 1}`, tensor]),
  );
}
