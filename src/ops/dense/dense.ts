/** A dense layer, the same at every time step. @module */
import * as tf from "@tensorflow/tfjs";
import { registerOnce, usesCpuKernels } from "../register.ts";
import { runDenseBackward, runDenseForward } from "./dense_passes.ts";
import { denseReference } from "./dense_reference.ts";

const NAME = "Carry/dense";

/**
 * Multiplies the features of every time step by a kernel.
 *
 *   y = x W + b;  dx = dy Wᵀ;  dW = xᵀ dy;  db = sum over (B, T) of dy
 *
 * On the `cpu` backend it is one compute kernel; elsewhere tfjs's operations do it.
 *
 * @param x float32 (B, T, I)
 * @param kernel float32 (I, V)
 * @param bias float32 (V)
 * @returns float32 (B, T, V)
 * @throws {TypeError} if a shape disagrees with I or V
 */
export function dense(x: tf.Tensor3D, kernel: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor3D {
  if (x.shape[2] !== kernel.shape[0] || bias.shape[0] !== kernel.shape[1]) {
    throw new TypeError(
      `Cannot run the dense layer: a kernel of shape (${
        kernel.shape.join(", ")
      }) needs as many features and biases, but there are ${x.shape[2]} and ${bias.shape[0]}`,
    );
  }
  if (!usesCpuKernels()) return denseReference(x, kernel, bias);
  registerDense();
  return tf.engine().runKernel(NAME, { x, kernel, bias }) as tf.Tensor3D;
}

function registerDense(): void {
  registerOnce(NAME, {
    kernel: ({ inputs, backend }) =>
      runDenseForward(inputs as Record<"x" | "kernel" | "bias", tf.TensorInfo>, backend),
    gradient: {
      inputsToSave: ["x", "kernel"],
      gradFunc: (dy, saved) => {
        const [x, kernel] = saved as [tf.Tensor, tf.Tensor];
        const inputs = { x, kernel, dy: dy as tf.Tensor };
        const [dx, dKernel, dBias] = tf.engine().runKernel(
          `${NAME}Gradient`,
          inputs,
        ) as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
        return { x: () => dx, kernel: () => dKernel, bias: () => dBias };
      },
    },
  });
  registerOnce(`${NAME}Gradient`, {
    kernel: ({ inputs, backend }) =>
      runDenseBackward(inputs as Record<"x" | "kernel" | "dy", tf.TensorInfo>, backend),
  });
}
