/** Elman's recurrent network over a whole sequence by tfjs's own operations: the reference, used on other backends. @module */
import * as tf from "@tensorflow/tfjs";
import {
  projectInput,
  type RecurrentInput,
  type RecurrentWeights,
  selectStates,
  type StatesWanted,
} from "../recurrent/recurrent_input.ts";

/**
 * Advances a simple recurrent network over a whole sequence, from a zero state.
 *
 *   h' = tanh(x W + h U + b)
 *
 * Source: Elman 1990; Keras' `SimpleRNN`.
 *
 * @returns hidden states, float32 (B, T, H)
 * @throws {TypeError} if a shape disagrees with the weights
 */
export function simpleRnnReference(
  input: RecurrentInput,
  weights: RecurrentWeights,
  wanted: StatesWanted = "every",
): tf.Tensor3D {
  return tf.tidy(() => {
    const projected = projectInput(input, weights);
    let h: tf.Tensor2D = tf.zeros([projected[0]!.shape[0], weights.recurrentKernel.shape[0]]);
    const states = projected.map((xW) => {
      h = tf.tanh(tf.add(xW, tf.matMul(h, weights.recurrentKernel)));
      return h;
    });
    return selectStates(tf.stack(states, 1) as tf.Tensor3D, wanted);
  });
}
