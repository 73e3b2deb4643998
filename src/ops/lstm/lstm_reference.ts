/** Long short-term memory over a whole sequence by tfjs's own operations: the reference, used on other backends. @module */
import * as tf from "@tensorflow/tfjs";
import {
  projectInput,
  type RecurrentInput,
  type RecurrentWeights,
  selectStates,
  type StatesWanted,
} from "../recurrent/recurrent_input.ts";

/**
 * Advances an LSTM over a whole sequence, from zero states.
 *
 *   z = x W + h U + b;  i, f, o = sigmoid(z_i, z_f, z_o);  g = tanh(z_g)
 *   c' = f * c + i * g;  h' = o * tanh(c')
 *
 * Gates in Keras' order i, f, g, o. Source: Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000; no peepholes.
 *
 * @returns hidden states, float32 (B, T, H)
 * @throws {TypeError} if a shape disagrees with the weights
 */
export function lstmReference(
  input: RecurrentInput,
  weights: RecurrentWeights,
  wanted: StatesWanted = "every",
): tf.Tensor3D {
  return tf.tidy(() => {
    const projected = projectInput(input, weights);
    const shape: [number, number] = [projected[0]!.shape[0], weights.recurrentKernel.shape[0]];
    let h: tf.Tensor2D = tf.zeros(shape);
    let c: tf.Tensor2D = tf.zeros(shape);
    const states = projected.map((xW) => {
      const z: tf.Tensor2D = tf.add(xW, tf.matMul(h, weights.recurrentKernel));
      const [i, f, g, o] = tf.split(z, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
      h = tf.mul(tf.sigmoid(o), tf.tanh(c));
      return h;
    });
    return selectStates(tf.stack(states, 1) as tf.Tensor3D, wanted);
  });
}
