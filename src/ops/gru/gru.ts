/** Gated recurrent unit over a whole sequence. @module */
import type * as tf from "@tensorflow/tfjs";
import type {
  RecurrentInput,
  RecurrentWeights,
  StatesWanted,
} from "../recurrent/recurrent_input.ts";
import { runRecurrent } from "../recurrent/recurrent_op.ts";
import type { RecurrentCell } from "../recurrent/recurrent_shape.ts";
import { usesKernels } from "../register.ts";
import { gruReference } from "./gru_reference.ts";

const CELL: RecurrentCell = { name: "gru", gates: 3 };

/**
 * Advances a GRU over a whole sequence, from a zero state.
 *
 *   z, r = sigmoid(x W_zr + h U_zr + b_zr);  g = tanh(x W_g + (r * h) U_g + b_g);  h' = z * h + (1 - z) * g
 *
 * Gates in Keras' order z, r, g. The reset gate is applied before the product, as in Cho et al. 2014 and in Keras'
 * `reset_after=False`; Keras' own default and cuDNN apply it after.
 *
 * On the `cpu` and `webgpu` backends compute kernels run the whole sequence; elsewhere tfjs's operations do.
 *
 * @returns hidden states, float32 (B, T, H), or (B, 1, H) if only the last is wanted
 * @throws {TypeError} if a shape disagrees with the weights
 */
export function gru(
  input: RecurrentInput,
  weights: RecurrentWeights,
  wanted: StatesWanted = "every",
): tf.Tensor3D {
  return usesKernels()
    ? runRecurrent(CELL, input, { weights, wanted })
    : gruReference(input, weights, wanted);
}
