/** Indices as one-hot vectors. @module */
import type { Tensor } from "@tensorflow/tfjs";
import type { Tfjs } from "./tfjs_webgpu.ts";

/** Makes a one-hot vector of every index, with `depth` elements; tfjs's own `oneHot` refuses a depth of 1. */
export function oneHot(tf: Tfjs, indices: Tensor, depth: number): Tensor {
  return depth === 1 ? tf.ones([...indices.shape, 1]) : tf.oneHot(indices, depth);
}
