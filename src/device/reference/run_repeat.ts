/** A network with the decoder `repeat`, by tfjs's own operations: from the indices of sources to logits. @module */
import type { Tensor, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import type { DenseLayer, RecurrentLayer, RepeatNetwork } from "../../network/network.ts";
import { oneHot } from "./one_hot.ts";
import { bindCell, type BoundCell } from "./recurrent_cell.ts";
import type { Tfjs } from "./tfjs_webgpu.ts";

/**
 * Runs a network.
 *
 * @param parameters tensors in the network's order
 * @param sources indices, int32 (B, T_in)
 * @returns logits, float32 (B, T_out, V)
 */
export function runRepeat(
  tf: Tfjs,
  network: RepeatNetwork,
  parameters: readonly Tensor[],
  sources: Tensor2D,
): Tensor3D {
  let values: Tensor = sources;
  for (const layer of network.layers) {
    values = layer.type === "dense"
      ? runDense(tf, layer, parameters, values as Tensor3D)
      : runRecurrent(tf, layer, parameters, values);
  }
  return values as Tensor3D;
}

/** Advances a layer's cell over all time steps, from a state of zeros; gives the states that the next layer reads. */
function runRecurrent(
  tf: Tfjs,
  layer: RecurrentLayer,
  parameters: readonly Tensor[],
  input: Tensor,
): Tensor {
  const { project, advance, begin } = bindCell(tf, layer, parameters);
  let state = begin(input.shape[0]!);
  const hidden = projectInput(tf, layer, project, input).map((xW) => {
    state = advance(xW, state);
    return state[0];
  });
  return layer.output === "last" ? hidden.at(-1)! : tf.stack(hidden, 1);
}

/**
 * Computes x W + b for every time step.
 *
 * @returns one float32 (B, G·H) per time step. For a repeated input all are the same tensor, so that the product is computed
 * once, and the gradient is summed over time before it is multiplied
 */
function projectInput(
  tf: Tfjs,
  { input: kind, inputSize, timeSteps }: RecurrentLayer,
  project: BoundCell["project"],
  input: Tensor,
): Tensor2D[] {
  switch (kind) {
    case "indices":
      return tf.unstack(input, 1).map((indices) => project(oneHot(tf, indices, inputSize)));
    case "repeated":
      return new Array<Tensor2D>(timeSteps).fill(project(input));
    case "sequence":
      return unstackSteps(tf, input as Tensor3D).map(project);
  }
}

/** Gives one (B, I) per time step; tfjs's `unstack` has no gradient if there is only one. */
function unstackSteps(tf: Tfjs, sequence: Tensor3D): Tensor[] {
  const [B, T, I] = sequence.shape;
  return T === 1 ? [tf.reshape(sequence, [B, I])] : tf.unstack(sequence, 1);
}

/** Multiplies the features of every time step, (B, T, I), by a kernel: y = x W + b, float32 (B, T, V). */
function runDense(
  tf: Tfjs,
  { inputSize, outputSize, timeSteps, firstParameter }: DenseLayer,
  parameters: readonly Tensor[],
  x: Tensor3D,
): Tensor3D {
  const [kernel, bias] = [parameters[firstParameter]!, parameters[firstParameter + 1]!];
  const y = tf.add(tf.matMul(tf.reshape(x, [-1, inputSize]), kernel), bias);
  return tf.reshape(y, [-1, timeSteps, outputSize]);
}
