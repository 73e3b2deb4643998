/** Layers in float64, written only from their equations. @module */
import type { RecurrentLayer } from "../../src/network/network.ts";

/** A matrix as rows. */
export type Matrix = number[][];

/** The state of a cell; `c` is that of an LSTM alone. */
export interface State64 {
  readonly h: number[];
  readonly c: number[];
}

/** A vector of zeros. */
export const zeros = (length: number): number[] => new Array<number>(length).fill(0);

/** A parameter as a matrix of so many columns. */
export function asMatrix(values: readonly number[], columns: number): Matrix {
  return Array.from(
    { length: values.length / columns },
    (_, row) => values.slice(row * columns, (row + 1) * columns),
  );
}

/** v M + bias, or v M. */
export function multiply(v: readonly number[], m: Matrix, bias?: readonly number[]): number[] {
  return m[0]!.map((_, j) => v.reduce((sum, x, k) => sum + x * m[k]![j]!, bias?.[j] ?? 0));
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const columns = (m: Matrix, from: number, to: number): Matrix =>
  m.map((row) => row.slice(from, to));

/**
 * Gives the function that advances a layer's cell by a time step, with gates in Keras' order.
 *
 * @param parameters those of the network, row-major
 */
export function bindCell64(
  { cell, gates, hiddenSize: H, firstParameter }: RecurrentLayer,
  parameters: readonly number[][],
): (x: readonly number[], state: State64) => State64 {
  const kernel = asMatrix(parameters[firstParameter]!, gates * H);
  const recurrentKernel = asMatrix(parameters[firstParameter + 1]!, gates * H);
  const bias = parameters[firstParameter + 2]!;
  return (x, { h, c }) => {
    const projected = multiply(x, kernel, bias);
    if (cell === "gru") {
      const zr = multiply(h, columns(recurrentKernel, 0, 2 * H));
      const gates = zr.map((value, j) => sigmoid(value + projected[j]!));
      const reset = h.map((value, j) => value * gates[H + j]!);
      const carried = multiply(reset, columns(recurrentKernel, 2 * H, 3 * H));
      const g = carried.map((value, j) => Math.tanh(value + projected[2 * H + j]!));
      return { h: h.map((value, j) => gates[j]! * value + (1 - gates[j]!) * g[j]!), c };
    }
    const z = multiply(h, recurrentKernel).map((value, j) => value + projected[j]!);
    if (cell === "simple") return { h: z.map(Math.tanh), c };
    const cNext = c.map((value, j) =>
      sigmoid(z[H + j]!) * value + sigmoid(z[j]!) * Math.tanh(z[2 * H + j]!)
    );
    return { h: cNext.map((value, j) => sigmoid(z[3 * H + j]!) * Math.tanh(value)), c: cNext };
  };
}

/** exp(v) / sum exp(v) */
export function softmax(values: readonly number[]): number[] {
  const most = Math.max(...values);
  const exponentials = values.map((value) => Math.exp(value - most));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((value) => value / sum);
}

/** log(sum exp(logits)) - logits[target]. */
export function crossEntropy(logits: readonly number[], target: number): number {
  const most = Math.max(...logits);
  const sum = logits.reduce((total, value) => total + Math.exp(value - most), 0);
  return Math.log(sum) + most - logits[target]!;
}
