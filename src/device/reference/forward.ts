/** A network by tfjs's own operations: from the indices of sources to logits. @module */
import type { Tensor, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import type { DenseLayer, Network, RecurrentLayer } from "../../network/network.ts";
import { requireRepeat } from "../require_repeat.ts";
import { type CellState, REFERENCE_CELLS } from "./cells.ts";
import { oneHot } from "./one_hot.ts";
import type { Tfjs } from "./tfjs_webgpu.ts";

/**
 * Runs a network.
 *
 * @param parameters tensors in the network's order
 * @param sources indices, int32 (B, T_in)
 * @returns logits, float32 (B, T_out, V)
 */
export function runNetwork(
  tf: Tfjs,
  network: Network,
  parameters: readonly Tensor[],
  sources: Tensor2D,
): Tensor3D {
  let values: Tensor = sources;
  for (const layer of requireRepeat(network).layers) {
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
  const { cell, firstParameter, hiddenSize, output } = layer;
  const { stateTensors, kernelParts, advance } = REFERENCE_CELLS[cell];
  const recurrentKernel = splitKernel(tf, parameters[firstParameter + 1] as Tensor2D, kernelParts);
  const projected = projectInput(tf, layer, parameters, input);
  const zeros: Tensor2D = tf.zeros([input.shape[0]!, hiddenSize]);
  const others = new Array<Tensor2D>(stateTensors - 1).fill(zeros);
  let state: CellState = [zeros, ...others];
  const hidden = projected.map((xW) => {
    state = advance(tf, xW, state, recurrentKernel);
    return state[0];
  });
  return output === "last" ? hidden.at(-1)! : tf.stack(hidden, 1);
}

/** Splits a recurrent kernel by gates; tfjs's `split` has no gradient if there is only one part. */
function splitKernel(tf: Tfjs, kernel: Tensor2D, parts: readonly number[]): Tensor2D[] {
  if (parts.length === 1) return [kernel];
  return tf.split(kernel, parts.map((gates) => gates * kernel.shape[0]), 1);
}

/**
 * Computes x W + b for every time step.
 *
 * @returns one float32 (B, G·H) per time step. For a repeated input all are the same tensor, so that the product is computed
 * once, and the gradient is summed over time before it is multiplied
 */
function projectInput(
  tf: Tfjs,
  { input: kind, inputSize, timeSteps, firstParameter }: RecurrentLayer,
  parameters: readonly Tensor[],
  input: Tensor,
): Tensor2D[] {
  const [kernel, bias] = [parameters[firstParameter]!, parameters[firstParameter + 2]!];
  const project = (x: Tensor): Tensor2D => tf.add(tf.matMul(x, kernel), bias);
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
