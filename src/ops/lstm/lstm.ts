/** Long short-term memory over a whole sequence. @module */
import type * as tf from "@tensorflow/tfjs";
import type {
  RecurrentInput,
  RecurrentWeights,
  StatesWanted,
} from "../recurrent/recurrent_input.ts";
import { runRecurrent } from "../recurrent/recurrent_op.ts";
import type { RecurrentCell } from "../recurrent/recurrent_shape.ts";
import { usesKernels } from "../register.ts";
import { lstmReference } from "./lstm_reference.ts";

const CELL: RecurrentCell = { name: "lstm", gates: 4 };

/**
 * Advances an LSTM over a whole sequence, from zero states.
 *
 *   z = x W + h U + b;  i, f, o = sigmoid(z_i, z_f, z_o);  g = tanh(z_g)
 *   c' = f * c + i * g;  h' = o * tanh(c')
 *
 * Gates in Keras' order i, f, g, o. Source: Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000; no peepholes.
 *
 * On the `cpu` and `webgpu` backends compute kernels run the whole sequence; elsewhere tfjs's operations do.
 *
 * @returns hidden states, float32 (B, T, H), or (B, 1, H) if only the last is wanted
 * @throws {TypeError} if a shape disagrees with the weights
 */
export function lstm(
  input: RecurrentInput,
  weights: RecurrentWeights,
  wanted: StatesWanted = "every",
): tf.Tensor3D {
  return usesKernels()
    ? runRecurrent(CELL, input, { weights, wanted })
    : lstmReference(input, weights, wanted);
}
