/** Adam, with decoupled weight decay and clipping by global norm, over all parameters at once. @module */
import * as tf from "@tensorflow/tfjs";

/** A parameter, its moments and its gradient: four float32 tensors of one shape. */
export interface AdamTensors {
  /** Written. */
  readonly parameter: tf.Variable;
  /** First moment; written. */
  readonly m: tf.Variable;
  /** Second moment; written. */
  readonly v: tf.Variable;
  readonly gradient: tf.Tensor;
}

/** The numbers of one update. */
export interface AdamUpdate {
  /** Number of this update, from 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Share of a matrix taken off per unit of learning rate; vectors (biases) do not decay. */
  readonly weightDecay: number;
  /** Largest global norm of the gradients; 0: no clipping. */
  readonly clipNorm: number;
}

/**
 * Updates all parameters in place.
 *
 *   g = gradient · min(1, clipNorm / ‖all gradients‖)
 *   m' = m + (1 - beta1) (g - m);  v' = v + (1 - beta2) (g² - v)
 *   α = learningRate · √(1 - beta2^step) / (1 - beta1^step)
 *   w' = w - learningRate · weightDecay · w - α m' / (√v' + epsilon)
 *
 * Source: Kingma & Ba 2015, section 2 (epsilon outside the bias correction, as in Keras; PyTorch puts it inside);
 * decoupled decay: Loshchilov & Hutter 2019; clipping: Pascanu et al. 2013.
 */
export function updateAdam(tensors: readonly AdamTensors[], update: AdamUpdate): void {
  const { step, learningRate, beta1, beta2, epsilon, weightDecay, clipNorm } = update;
  const alpha = learningRate * Math.sqrt(1 - beta2 ** step) / (1 - beta1 ** step);
  tf.tidy(() => {
    const clipping = clipNorm > 0 ? clippingFactor(tensors, clipNorm) : tf.scalar(1);
    for (const { parameter, m, v, gradient } of tensors) {
      const g = tf.mul(gradient, clipping);
      m.assign(tf.add(m, tf.mul(tf.sub(g, m), 1 - beta1)));
      v.assign(tf.add(v, tf.mul(tf.sub(tf.square(g), v), 1 - beta2)));
      const decay = parameter.rank > 1 ? 1 - learningRate * weightDecay : 1;
      const change = tf.div(tf.mul(m, alpha), tf.add(tf.sqrt(v), epsilon));
      parameter.assign(tf.sub(tf.mul(parameter, decay), change));
    }
  });
}

/** min(1, clipNorm / ‖all gradients‖), a scalar on the device. */
function clippingFactor(tensors: readonly AdamTensors[], clipNorm: number): tf.Tensor {
  const squares = tensors.map(({ gradient }) => tf.sum(tf.square(gradient)));
  // tf.addN would be one kernel, but on webgpu it gives 0 for many scalars (tfjs 4.22)
  const norm = tf.sqrt(squares.reduce((sum, square) => tf.add(sum, square)));
  return tf.div(clipNorm, tf.maximum(norm, clipNorm));
}
