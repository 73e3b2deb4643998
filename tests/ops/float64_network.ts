/** The recurrent layers, the dense layer and the loss in float64, written only from their equations. @module */
import type { Cell } from "../../src/network/config.ts";

/** A matrix as rows. */
export type Matrix = number[][];

/** The weights of one layer, with gates in Keras' order. */
export interface Weights64 {
  readonly kernel: Matrix;
  readonly recurrentKernel: Matrix;
  readonly bias: number[];
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** v M + bias, or v M. */
export function multiply(v: readonly number[], m: Matrix, bias?: readonly number[]): number[] {
  return m[0]!.map((_, j) => v.reduce((sum, x, k) => sum + x * m[k]![j]!, bias?.[j] ?? 0));
}

const columns = (m: Matrix, from: number, to: number): Matrix =>
  m.map((row) => row.slice(from, to));

/** Advances a cell over one example's inputs; gives the hidden states. */
export function advance(cell: Cell, inputs: Matrix, weights: Weights64): Matrix {
  const H = weights.recurrentKernel.length;
  let h = new Array<number>(H).fill(0);
  let c = new Array<number>(H).fill(0);
  return inputs.map((x) => {
    const projected = multiply(x, weights.kernel, weights.bias);
    if (cell === "gru") {
      const zr = multiply(h, columns(weights.recurrentKernel, 0, 2 * H));
      const gates = zr.map((value, j) => sigmoid(value + projected[j]!));
      const reset = h.map((value, j) => value * gates[H + j]!);
      const carried = multiply(reset, columns(weights.recurrentKernel, 2 * H, 3 * H));
      const g = carried.map((value, j) => Math.tanh(value + projected[2 * H + j]!));
      h = h.map((value, j) => gates[j]! * value + (1 - gates[j]!) * g[j]!);
      return h;
    }
    const z = multiply(h, weights.recurrentKernel).map((value, j) => value + projected[j]!);
    if (cell === "simple") {
      h = z.map(Math.tanh);
      return h;
    }
    c = c.map((value, j) => sigmoid(z[H + j]!) * value + sigmoid(z[j]!) * Math.tanh(z[2 * H + j]!));
    h = c.map((value, j) => sigmoid(z[3 * H + j]!) * Math.tanh(value));
    return h;
  });
}

/** log(sum exp(logits)) - logits[target]. */
export function crossEntropy(logits: readonly number[], target: number): number {
  const most = Math.max(...logits);
  const sum = logits.reduce((total, value) => total + Math.exp(value - most), 0);
  return Math.log(sum) + most - logits[target]!;
}
