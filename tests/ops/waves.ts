/** Values for tests: all different, all small, the same on every machine. @module */
import * as tf from "@tensorflow/tfjs";
import { floatsAt, kernelHeap } from "../../src/ops/kernels.ts";

/** Gives scale · cos(phase + 1.3 n). */
export function waves(count: number, phase: number, scale = 0.5): Float32Array {
  return new Float32Array(count).map((_, n) => scale * Math.cos(phase + 1.3 * n));
}

/** Makes a float32 tensor of waves. */
export function waveTensor<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  phase: number,
  scale?: number,
): tf.Tensor<R> {
  return tf.tensor(waves(shape.reduce((a, b) => a * b, 1), phase, scale), shape, "float32");
}

/** Makes indices below a limit; each index appears. */
export function waveIndices(shape: [number, number], below: number): tf.Tensor2D {
  const count = shape[0] * shape[1];
  const indices = Int32Array.from({ length: count }, (_, n) => (n * 7 + (n >> 2)) % below);
  return tf.tensor2d(indices, shape, "int32");
}

/** Fills the free memory of the kernels with NaN, so that a kernel that reads a value before writing it gives NaN. */
export function spoilFreeMemory(sizeBytes = 1 << 22): void {
  const address = kernelHeap().allocate(sizeBytes);
  floatsAt(address, sizeBytes / 4).fill(NaN);
  kernelHeap().free(address);
}
