/** Registers tfjs kernels for the `cpu` backend, when they are first used. @module */
import * as tf from "@tensorflow/tfjs";
import { type CpuBackend, reclaimBlocks } from "./resident_tensors.ts";

/** What a kernel is called with. */
export interface KernelRun {
  readonly inputs: tf.NamedTensorInfoMap;
  readonly attrs: tf.NamedAttrMap | undefined;
  readonly backend: CpuBackend;
}

/** A kernel, and its gradient if it has one. */
export interface Registration {
  readonly kernel: (run: KernelRun) => tf.TensorInfo | tf.TensorInfo[];
  readonly gradient?: Omit<tf.GradConfig, "kernelName">;
}

/** Whether the kernels of this module run: they do on tfjs's `cpu` backend; elsewhere ops are composed of tfjs's own. */
export function usesCpuKernels(): boolean {
  return tf.getBackend() === "cpu";
}

/** Registers a kernel under a name, unless it is. */
export function registerOnce(kernelName: string, { kernel, gradient }: Registration): void {
  if (tf.getKernel(kernelName, "cpu") !== undefined) return;
  tf.registerKernel({
    kernelName,
    backendName: "cpu",
    kernelFunc: ({ inputs, attrs, backend }) => {
      reclaimBlocks();
      return kernel({ inputs, attrs, backend: backend as unknown as CpuBackend });
    },
  });
  if (gradient !== undefined) tf.registerGradient({ kernelName, ...gradient });
}
