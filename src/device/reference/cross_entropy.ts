/** The loss and the accuracies, by tfjs's own operations. @module */
import type { Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import { oneHot } from "./one_hot.ts";
import type { Tfjs } from "./tfjs_webgpu.ts";

/**
 * Computes each example's mean cross-entropy per target character, in nats.
 *
 *   loss = mean over T of log(sum exp(logits)) - logits[target]
 *
 * Stable, because tfjs's `logSoftmax` subtracts the largest logit first. Equals Keras' `categorical_crossentropy` of the softmax,
 * except that Keras clips probabilities at 1e-7.
 *
 * @param logits float32 (B, T, V)
 * @param targets int32 (B, T)
 * @returns float32 (B)
 */
export function crossEntropy(tf: Tfjs, logits: Tensor3D, targets: Tensor2D): Tensor1D {
  const wanted = oneHot(tf, targets, logits.shape[2]);
  const ofTarget = tf.sum(tf.mul(tf.logSoftmax(logits), wanted), -1);
  return tf.neg(tf.mean(ofTarget, -1));
}

/**
 * Computes the figures of a batch.
 *
 * @param losses of its examples, float32 (B)
 * @returns float32 (3): mean loss, share of correct characters, share of examples with every character correct
 */
export function batchFigures(
  tf: Tfjs,
  losses: Tensor1D,
  logits: Tensor3D,
  targets: Tensor2D,
): Tensor1D {
  const right = tf.equal(tf.argMax(logits, -1), targets);
  return tf.stack([
    tf.mean(losses),
    tf.mean(tf.cast(right, "float32")),
    tf.mean(tf.cast(tf.all(right, -1), "float32")),
  ]) as Tensor1D;
}
