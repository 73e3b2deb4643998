/** Softmax, cross-entropy and accuracies by tfjs's own operations: the reference, used on other backends. @module */
import * as tf from "@tensorflow/tfjs";
import { BATCH_FIGURES } from "./batch_figures.ts";

/**
 * Measures logits against target indices.
 *
 *   loss = mean over (B, T) of log(sum exp(logits)) - logits[target]
 *   dLogits = (softmax(logits) - oneHot(target)) / (B T) · dLoss
 *
 * Stable, because the largest logit is subtracted first. Only the loss has a gradient: call with dy = (1, 0, 0).
 * Equals Keras' `categorical_crossentropy` of the softmax, except that Keras clips probabilities at 1e-7.
 *
 * @param logits float32 (B, T, V)
 * @param targets int32 (B, T)
 * @returns float32 (3): loss per character, share of correct characters, share of examples with every character correct
 */
export function softmaxCrossEntropyReference(
  logits: tf.Tensor3D,
  targets: tf.Tensor2D,
): tf.Tensor1D {
  const op = tf.customGrad((x, save) => {
    const z = x as tf.Tensor3D;
    const logProbabilities = tf.logSoftmax(z);
    const oneHot = tf.oneHot(targets, z.shape[2]);
    const loss = tf.neg(tf.mean(tf.sum(tf.mul(logProbabilities, oneHot), -1)));
    const right = tf.equal(tf.argMax(z, -1), targets);
    const characterAccuracy = tf.mean(tf.cast(right, "float32"));
    const exactMatch = tf.mean(tf.cast(tf.all(right, -1), "float32"));
    (save as tf.GradSaveFunc)([tf.exp(logProbabilities), oneHot]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [probabilities, target] = saved as [tf.Tensor3D, tf.Tensor3D];
      const [B, T] = probabilities.shape;
      const dLoss = tf.div(tf.slice(dy, [BATCH_FIGURES.loss], [1]), B * T);
      return tf.mul(tf.sub(probabilities, target), tf.reshape(dLoss, []));
    };
    return { value: tf.stack([loss, characterAccuracy, exactMatch]), gradFunc };
  });
  return tf.tidy(() => op(logits) as tf.Tensor1D);
}
