/** Elman's recurrent network over a whole sequence. @module */
import type * as tf from "@tensorflow/tfjs";
import type {
  RecurrentInput,
  RecurrentWeights,
  StatesWanted,
} from "../recurrent/recurrent_input.ts";
import { runRecurrent } from "../recurrent/recurrent_op.ts";
import type { RecurrentCell } from "../recurrent/recurrent_shape.ts";
import { usesKernels } from "../register.ts";
import { simpleRnnReference } from "./simple_rnn_reference.ts";

const CELL: RecurrentCell = { name: "simple", gates: 1 };

/**
 * Advances a simple recurrent network over a whole sequence, from a zero state.
 *
 *   h' = tanh(x W + h U + b)
 *
 * Source: Elman 1990; Keras' `SimpleRNN`.
 *
 * On the `cpu` and `webgpu` backends compute kernels run the whole sequence; elsewhere tfjs's operations do.
 *
 * @returns hidden states, float32 (B, T, H), or (B, 1, H) if only the last is wanted
 * @throws {TypeError} if a shape disagrees with the weights
 */
export function simpleRnn(
  input: RecurrentInput,
  weights: RecurrentWeights,
  wanted: StatesWanted = "every",
): tf.Tensor3D {
  return usesKernels()
    ? runRecurrent(CELL, input, { weights, wanted })
    : simpleRnnReference(input, weights, wanted);
}
