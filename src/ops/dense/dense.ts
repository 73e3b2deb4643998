/** A dense layer with the same weights at every time step. @module */
import * as tf from "@tensorflow/tfjs";
import { nameSaved, registerOnce, SAVE_ALL_BUT_FIRST, usesKernels } from "../register.ts";
import { type DenseAttributes, runDenseBackward, runDenseForward } from "./dense_passes.ts";
import { denseReference } from "./dense_reference.ts";
import { runDenseBackwardOnWebGpu, runDenseForwardOnWebGpu } from "./dense_webgpu.ts";

const NAME = "Carry/dense";

/**
 * Multiplies the features of every time step by a kernel.
 *
 *   y = x W + b;  dx = dy Wᵀ;  dW = xᵀ dy;  db = sum over (B, T) of dy
 *
 * On the `cpu` and `webgpu` backends compute kernels do it; elsewhere tfjs's operations do it.
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
  if (!usesKernels()) return denseReference(x, kernel, bias);
  registerDense();
  return tf.tidy(() => {
    const attrs = { shape: [...x.shape, kernel.shape[1]], keep: tf.engine().isTapeOn() };
    const [y] = tf.engine().runKernel(NAME, { x, kernel, bias }, attrs) as unknown as tf.Tensor3D[];
    return y!;
  });
}

function registerDense(): void {
  registerOnce(NAME, {
    cpu: ({ inputs, attrs, backend }) =>
      runDenseForward(
        inputs as Record<"x" | "kernel" | "bias", tf.TensorInfo>,
        attrs as unknown as DenseAttributes,
        backend,
      ),
    webgpu: ({ inputs, attrs, backend }) =>
      runDenseForwardOnWebGpu(
        inputs as Record<"x" | "kernel" | "bias", tf.TensorInfo>,
        attrs as unknown as DenseAttributes,
        backend,
      ),
    gradient: {
      outputsToSave: SAVE_ALL_BUT_FIRST,
      gradFunc: (dy, saved, attrs) => {
        const inputs = { ...nameSaved(saved), dy: (dy as tf.Tensor[])[0]! };
        const [dx, dKernel, dBias] = tf.engine().runKernel(
          `${NAME}Gradient`,
          inputs,
          attrs,
        ) as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
        return { x: () => dx, kernel: () => dKernel, bias: () => dBias };
      },
    },
  });
  registerOnce(`${NAME}Gradient`, {
    cpu: ({ inputs, attrs, backend }) =>
      runDenseBackward(
        inputs as Record<"ticket" | "dy", tf.TensorInfo>,
        attrs as unknown as DenseAttributes,
        backend,
      ),
    webgpu: ({ inputs, attrs, backend }) =>
      runDenseBackwardOnWebGpu(
        inputs as Record<"ticket" | "kept0" | "dy", tf.TensorInfo>,
        attrs as unknown as DenseAttributes,
        backend,
      ),
  });
}
