/** The dense layer on WebGPU: one product forward, two backward. @module */
import type { TensorInfo } from "@tensorflow/tfjs";
import { makeOnDevice, shareTensor, type WebGpuBackend } from "../webgpu/device.ts";
import { multiply } from "../webgpu/product.ts";
import type { DenseAttributes } from "./dense_passes.ts";

/** Computes y = x W + b. @returns float32 (B, T, V); then x and W again if a gradient will be computed */
export function runDenseForwardOnWebGpu(
  { x, kernel, bias }: Readonly<Record<"x" | "kernel" | "bias", TensorInfo>>,
  { shape: [B, T, I, V], keep }: DenseAttributes,
  backend: WebGpuBackend,
): TensorInfo[] {
  const y = makeOnDevice([B, T, V], backend);
  multiply({
    ...{ rows: B * T, columns: V, depth: I, bias },
    a: { tensor: x, rows: { step: I }, depth: { step: 1 } },
    b: { tensor: kernel, depthStride: V, columnStride: 1 },
    c: { tensor: y },
  }, backend);
  return keep ? [y, shareTensor(x, backend), shareTensor(kernel, backend)] : [y];
}

/** Computes dx = dy Wᵀ, dW = xᵀ dy and db. @returns the three, shaped as x, W and b */
export function runDenseBackwardOnWebGpu(
  { ticket: x, kept0: kernel, dy }: Readonly<Record<"ticket" | "kept0" | "dy", TensorInfo>>,
  { shape: [B, T, I, V] }: DenseAttributes,
  backend: WebGpuBackend,
): TensorInfo[] {
  const [dx, dKernel, dBias] = [[B, T, I], [I, V], [V]].map((shape) =>
    makeOnDevice(shape, backend)
  ) as [TensorInfo, TensorInfo, TensorInfo];
  multiply({
    ...{ rows: B * T, columns: I, depth: V },
    a: { tensor: dy, rows: { step: V }, depth: { step: 1 } },
    b: { tensor: kernel, depthStride: 1, columnStride: V },
    c: { tensor: dx },
  }, backend);
  multiply({
    ...{ rows: I, columns: V, depth: B * T, columnSums: dBias },
    a: { tensor: x, rows: { step: 1 }, depth: { step: I } },
    b: { tensor: dy, depthStride: V, columnStride: 1 },
    c: { tensor: dKernel },
  }, backend);
  return [dx, dKernel, dBias];
}
