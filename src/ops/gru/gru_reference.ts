/** Gated recurrent unit over a whole sequence by tfjs's own operations: the reference, used on other backends. @module */
import * as tf from "@tensorflow/tfjs";
import {
  projectInput,
  type RecurrentInput,
  type RecurrentWeights,
  selectStates,
  type StatesWanted,
} from "../recurrent/recurrent_input.ts";

/**
 * Advances a GRU over a whole sequence, from a zero state.
 *
 *   z, r = sigmoid(x W_zr + h U_zr + b_zr);  g = tanh(x W_g + (r * h) U_g + b_g);  h' = z * h + (1 - z) * g
 *
 * Gates in Keras' order z, r, g. The reset gate is applied before the product, as in Cho et al. 2014 and in Keras'
 * `reset_after=False`; Keras' own default and cuDNN apply it after.
 *
 * @returns hidden states, float32 (B, T, H)
 * @throws {TypeError} if a shape disagrees with the weights
 */
export function gruReference(
  input: RecurrentInput,
  weights: RecurrentWeights,
  wanted: StatesWanted = "every",
): tf.Tensor3D {
  return tf.tidy(() => {
    const H = weights.recurrentKernel.shape[0];
    const [gatesKernel, candidateKernel] = tf.split(
      weights.recurrentKernel,
      [2 * H, H],
      1,
    ) as [tf.Tensor2D, tf.Tensor2D];
    const projected = projectInput(input, weights);
    let h: tf.Tensor2D = tf.zeros([projected[0]!.shape[0], H]);
    const states = projected.map((xW) => {
      const [xGates, xCandidate] = tf.split(xW, [2 * H, H], 1) as [tf.Tensor2D, tf.Tensor2D];
      const gates: tf.Tensor2D = tf.sigmoid(tf.add(xGates, tf.matMul(h, gatesKernel)));
      const [z, r] = tf.split(gates, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
      const reset: tf.Tensor2D = tf.mul(r, h);
      const g = tf.tanh(tf.add(xCandidate, tf.matMul(reset, candidateKernel)));
      h = tf.add(tf.mul(z, h), tf.mul(tf.sub(1, z), g));
      return h;
    });
    return selectStates(tf.stack(states, 1) as tf.Tensor3D, wanted);
  });
}
