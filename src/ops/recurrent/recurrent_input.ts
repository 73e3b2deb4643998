/** The input of a recurrent layer, and its product with the kernel, with no more arithmetic than the input needs. @module */
import * as tf from "@tensorflow/tfjs";

/** The three forms of input to a recurrent layer over T time steps, as tensors of tfjs or of another library. */
export type RecurrentInput<Matrix = tf.Tensor2D, Sequence = tf.Tensor3D> =
  /** One-hot vectors given as their indices, int32 (B, T). */
  | { readonly kind: "indices"; readonly indices: Matrix }
  /** One vector, float32 (B, I), read again at every time step. */
  | { readonly kind: "repeated"; readonly vector: Matrix; readonly timeSteps: number }
  /** A vector for every time step, float32 (B, T, I). */
  | { readonly kind: "sequence"; readonly sequence: Sequence };

/** The weights of a recurrent layer with G gates, gates in Keras' order along the last axis. */
export interface RecurrentWeights<Matrix = tf.Tensor2D, Vector = tf.Tensor1D> {
  /** float32 (I, G·H) */
  readonly kernel: Matrix;
  /** float32 (H, G·H) */
  readonly recurrentKernel: Matrix;
  /** float32 (G·H) */
  readonly bias: Vector;
}

/** The hidden states that a layer gives: of every time step, (B, T, H), or of the last one, (B, 1, H). */
export type StatesWanted = "every" | "last";

/** Selects the wanted states from all states, float32 (B, T, H). */
export function selectStates(states: tf.Tensor3D, wanted: StatesWanted): tf.Tensor3D {
  const [B, T, H] = states.shape;
  return wanted === "every" ? states : tf.slice(states, [0, T - 1, 0], [B, 1, H]);
}

/**
 * Checks that input and weights belong together.
 *
 * @throws {TypeError} if a shape disagrees with B, I or H
 */
export function checkRecurrentShapes(
  input: RecurrentInput,
  weights: RecurrentWeights,
  gates: number,
): void {
  const [I, width] = weights.kernel.shape;
  const [H] = weights.recurrentKernel.shape;
  const found = [weights.recurrentKernel.shape, weights.bias.shape, [I, width]];
  const required = [[H, gates * H], [gates * H], [I, gates * H]];
  if (found.join(";") !== required.join(";")) {
    throw new TypeError(
      `Cannot run the recurrent layer: recurrent kernel, bias and kernel must have the shapes (${
        required.map((shape) => shape.join(", ")).join("), (")
      }), but have (${found.map((shape) => shape.join(", ")).join("), (")})`,
    );
  }
  if (input.kind === "repeated") checkInputSize(input.vector.shape[1], weights.kernel);
  if (input.kind === "sequence") checkInputSize(input.sequence.shape[2], weights.kernel);
}

/**
 * Computes x W + b for every time step.
 *
 * @returns one float32 (B, G·H) per time step. For a repeated input all are the same tensor, so that the product is computed
 * once, and the gradient is summed over time before it is multiplied
 * @throws {TypeError} if a shape disagrees with the weights
 */
export function projectInput(input: RecurrentInput, weights: RecurrentWeights): tf.Tensor2D[] {
  const { kernel, bias } = weights;
  switch (input.kind) {
    case "indices": {
      const [inputSize] = kernel.shape;
      const steps = tf.unstack(input.indices, 1) as tf.Tensor1D[];
      return steps.map((indices) => tf.add(tf.matMul(tf.oneHot(indices, inputSize), kernel), bias));
    }
    case "repeated": {
      checkInputSize(input.vector.shape[1], kernel);
      const projected: tf.Tensor2D = tf.add(tf.matMul(input.vector, kernel), bias);
      return Array.from({ length: input.timeSteps }, () => projected);
    }
    case "sequence": {
      checkInputSize(input.sequence.shape[2], kernel);
      const steps = unstackSteps(input.sequence);
      return steps.map((x) => tf.add(tf.matMul(x, kernel), bias));
    }
  }
}

function checkInputSize(found: number, kernel: tf.Tensor2D): void {
  if (found === kernel.shape[0]) return;
  throw new TypeError(
    `Cannot run the recurrent layer: its input must have ${
      kernel.shape[0]
    } features, but has ${found}`,
  );
}

/** Gives one (B, I) per time step; tfjs's `unstack` has no gradient if there is only one. */
function unstackSteps(sequence: tf.Tensor3D): tf.Tensor2D[] {
  const [B, T, I] = sequence.shape;
  return T === 1 ? [tf.reshape(sequence, [B, I])] : tf.unstack(sequence, 1) as tf.Tensor2D[];
}
