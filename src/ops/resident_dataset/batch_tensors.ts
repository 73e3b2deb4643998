/** A batch on the device. @module */
import type * as tf from "@tensorflow/tfjs";

/** The examples of a batch as tensors on the device in use. */
export interface BatchTensors {
  /** Indices of the sources, int32 (B, T_in). */
  readonly sources: tf.Tensor2D;
  /** Indices of the targets, int32 (B, T_out). */
  readonly targets: tf.Tensor2D;
}
