/** A recurrent layer's cell with its weights, by tfjs's own operations. @module */
import type { Tensor, Tensor2D } from "@tensorflow/tfjs";
import type { RecurrentLayer } from "../../network/network.ts";
import { type CellState, REFERENCE_CELLS } from "./cells.ts";
import type { Tfjs } from "./tfjs_webgpu.ts";

/** A cell with its weights. */
export interface BoundCell {
  /** Multiplies an input, float32 (B, I), by the kernel, and adds the bias: float32 (B, G·H). */
  project(x: Tensor): Tensor2D;
  /** Computes the state after a time step from the projected input. */
  advance(xW: Tensor2D, state: CellState): CellState;
  /** Gives the state of zeros for some number of examples. */
  begin(count: number): CellState;
}

/** Binds a layer's cell to its weights. @param parameters those of the network */
export function bindCell(
  tf: Tfjs,
  { cell, firstParameter, hiddenSize }: RecurrentLayer,
  parameters: readonly Tensor[],
): BoundCell {
  const { stateTensors, kernelParts, advance } = REFERENCE_CELLS[cell];
  const [kernel, recurrent, bias] = parameters.slice(firstParameter) as [Tensor, Tensor2D, Tensor];
  const recurrentParts = splitKernel(tf, recurrent, kernelParts);
  return {
    project: (x) => tf.add(tf.matMul(x, kernel), bias),
    advance: (xW, state) => advance(tf, xW, state, recurrentParts),
    begin(count): CellState {
      const zeros: Tensor2D = tf.zeros([count, hiddenSize]);
      return [zeros, ...new Array<Tensor2D>(stateTensors - 1).fill(zeros)];
    },
  };
}

/** Splits a recurrent kernel by gates; tfjs's `split` has no gradient if there is only one part. */
function splitKernel(tf: Tfjs, kernel: Tensor2D, parts: readonly number[]): Tensor2D[] {
  if (parts.length === 1) return [kernel];
  return tf.split(kernel, parts.map((gates) => gates * kernel.shape[0]), 1);
}
