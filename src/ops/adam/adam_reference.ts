/** Adam by tfjs's own operations: the reference, used on other backends. @module */
import * as tf from "@tensorflow/tfjs";
import type { AdamTensors, AdamUpdate } from "./adam_update.ts";

/** Updates all parameters in place. Equations: adam.ts. */
export function updateAdamReference(tensors: readonly AdamTensors[], update: AdamUpdate): void {
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
