/** The dense layer by tfjs's own operations: the reference, used on other backends. @module */
import * as tf from "@tensorflow/tfjs";

/**
 * Multiplies the features of every time step by a kernel: y = x W + b.
 *
 * @param x float32 (B, T, I)
 * @param kernel float32 (I, V)
 * @param bias float32 (V)
 * @returns float32 (B, T, V)
 */
export function denseReference(
  x: tf.Tensor3D,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D,
): tf.Tensor3D {
  return tf.tidy(() => {
    const [B, T, I] = x.shape;
    const y: tf.Tensor2D = tf.add(tf.matMul(tf.reshape(x, [B * T, I]), kernel), bias);
    return tf.reshape(y, [B, T, kernel.shape[1]]);
  });
}
