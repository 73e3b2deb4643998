/** The loss and the accuracies, by tfjs's own operations. @module */
import type { Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import { oneHot } from "./one_hot.ts";
import type { Tfjs } from "./tfjs_webgpu.ts";

/** The targets of a batch. */
export interface TargetTensors {
  /** Indices, int32 (B, T). */
  readonly targets: Tensor2D;
  /** 1 for positions that count, else 0, float32 (B, T). */
  readonly counted: Tensor2D;
}

/**
 * Computes the sum of each example's cross-entropy over the target characters that count, in nats.
 *
 *   log p = logits - log(sum exp(logits))
 *   loss = sum over the counted t of -((1 - ε) log p[target] + ε · mean over V of log p)
 *
 * Stable, because tfjs's `logSoftmax` subtracts the largest logit first. Equals Keras' `categorical_crossentropy` of the softmax,
 * except that Keras clips probabilities at 1e-7.
 *
 * @param logits float32 (B, T, V)
 * @param labelSmoothing ε
 * @returns float32 (B)
 */
export function crossEntropy(
  tf: Tfjs,
  logits: Tensor3D,
  { targets, counted }: TargetTensors,
  labelSmoothing: number,
): Tensor1D {
  const logP = tf.logSoftmax(logits);
  const ofTarget = tf.sum(tf.mul(logP, oneHot(tf, targets, logits.shape[2])), -1);
  const smoothed = labelSmoothing === 0
    ? ofTarget
    : tf.add(tf.mul(ofTarget, 1 - labelSmoothing), tf.mul(tf.mean(logP, -1), labelSmoothing));
  return tf.neg(tf.sum(tf.mul(smoothed, counted), -1));
}

/**
 * Computes the figures of a batch.
 *
 * @param losses of its examples, float32 (B)
 * @returns float32 (3): mean loss of a character that counts, share of correct characters, share of examples with every character correct
 */
export function batchFigures(
  tf: Tfjs,
  losses: Tensor1D,
  logits: Tensor3D,
  { targets, counted }: TargetTensors,
): Tensor1D {
  const right = tf.cast(tf.equal(tf.argMax(logits, -1), targets), "float32");
  const wrong = tf.mul(tf.sub(1, right), counted);
  return tf.stack([
    tf.div(tf.sum(losses), tf.sum(counted)),
    tf.div(tf.sum(tf.mul(right, counted)), tf.sum(counted)),
    tf.mean(tf.cast(tf.equal(tf.sum(wrong, -1), 0), "float32")),
  ]) as Tensor1D;
}
