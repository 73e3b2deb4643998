/** Softmax, cross-entropy and the two accuracies in one pass over the logits. @module */
import * as tf from "@tensorflow/tfjs";
import { registerOnce, usesKernels } from "../register.ts";
import { measureLogits, scaleDifference } from "./cross_entropy_passes.ts";
import { measureLogitsOnWebGpu, scaleDifferenceOnWebGpu } from "./cross_entropy_webgpu.ts";
import { softmaxCrossEntropyReference } from "./softmax_cross_entropy_reference.ts";

export { BATCH_FIGURES } from "./batch_figures.ts";

const NAME = "Carry/softmaxCrossEntropy";

/**
 * Measures logits against target indices.
 *
 *   loss = mean over (B, T) of log(sum exp(logits)) - logits[target]
 *   dLogits = (softmax(logits) - oneHot(target)) / (B T) · dLoss
 *
 * Stable, because the largest logit is subtracted first. Only the loss has a gradient: call with dy = (1, 0, 0).
 * Equals Keras' `categorical_crossentropy` of the softmax, except that Keras clips probabilities at 1e-7.
 *
 * On the `cpu` and `webgpu` backends compute kernels do it, with the gradient in the same pass; elsewhere tfjs's operations do it.
 *
 * @param logits float32 (B, T, V)
 * @param targets int32 (B, T)
 * @returns float32 (3): loss per character, share of correct characters, share of examples with every character correct
 * @throws {TypeError} if the targets are not (B, T)
 * @throws {RangeError} if a target is not below V; `webgpu` checks only targets that are still on the host
 */
export function softmaxCrossEntropy(logits: tf.Tensor3D, targets: tf.Tensor2D): tf.Tensor1D {
  const [B, T] = logits.shape;
  if (targets.shape[0] !== B || targets.shape[1] !== T) {
    throw new TypeError(
      `Cannot measure logits: targets must have the shape (${B}, ${T}), but have (${
        targets.shape.join(", ")
      })`,
    );
  }
  if (!usesKernels()) return softmaxCrossEntropyReference(logits, targets);
  registerCrossEntropy();
  return tf.tidy(() => {
    const attrs = { shape: logits.shape };
    const [figures] = tf.engine().runKernel(
      NAME,
      { logits, targets },
      attrs,
    ) as unknown as tf.Tensor1D[];
    return figures!;
  });
}

function registerCrossEntropy(): void {
  registerOnce(NAME, {
    cpu: ({ inputs, backend }) =>
      measureLogits(inputs as Record<"logits" | "targets", tf.TensorInfo>, backend),
    webgpu: ({ inputs, backend }) =>
      measureLogitsOnWebGpu(inputs as Record<"logits" | "targets", tf.TensorInfo>, backend),
    gradient: {
      outputsToSave: [false, true],
      gradFunc: (dy, saved, attrs) => {
        const inputs = { ticket: saved[0]!, dFigures: (dy as tf.Tensor[])[0]! };
        const dLogits = tf.engine().runKernel(`${NAME}Gradient`, inputs, attrs) as tf.Tensor;
        return { logits: () => dLogits };
      },
    },
  });
  registerOnce(`${NAME}Gradient`, {
    cpu: ({ inputs, attrs, backend }) =>
      scaleDifference(
        inputs as Record<"ticket" | "dFigures", tf.TensorInfo>,
        (attrs as unknown as { shape: [number, number, number] }).shape,
        backend,
      ),
    webgpu: ({ inputs, attrs, backend }) =>
      scaleDifferenceOnWebGpu(
        inputs as Record<"ticket" | "dFigures", tf.TensorInfo>,
        (attrs as unknown as { shape: [number, number, number] }).shape,
        backend,
      ),
  });
}
