/** A network and its loss in float64, written only from their equations. @module */
import type { Examples } from "../../src/device/executor.ts";
import type { Cell } from "../../src/network/config.ts";
import type { RepeatNetwork } from "../../src/network/network.ts";

/** A matrix as rows. */
type Matrix = number[][];

/** The weights of one layer, with gates in Keras' order. */
interface Weights64 {
  readonly kernel: Matrix;
  readonly recurrentKernel: Matrix;
  readonly bias: number[];
}

/**
 * Computes the mean loss per target character of some rows of the examples.
 *
 * @param parameters in the network's order, row-major
 */
export function lossOf(
  network: RepeatNetwork,
  parameters: readonly number[][],
  { sources, targets }: Examples,
  rows: Uint32Array,
): number {
  const { inputLength, outputLength } = network;
  let sum = 0;
  for (const row of rows) {
    const source = sources.subarray(row * inputLength, (row + 1) * inputLength);
    const target = targets.subarray(row * outputLength, (row + 1) * outputLength);
    const logits = runNetwork(network, parameters, source);
    logits.forEach((each, t) => sum += crossEntropy(each, target[t]!));
  }
  return sum / (rows.length * outputLength);
}

/** Gives the logits of every position of one example. */
function runNetwork(
  network: RepeatNetwork,
  parameters: readonly number[][],
  source: Uint8Array,
): Matrix {
  let values: Matrix = Array.from(
    source,
    (index) => Array.from({ length: network.sourceVocabularySize }, (_, v) => Number(v === index)),
  );
  for (const layer of network.layers) {
    const [first, second, third] = parameters.slice(layer.firstParameter);
    if (layer.type === "dense") {
      const kernel = asMatrix(first!, layer.outputSize);
      values = values.map((h) => multiply(h, kernel, second!));
      continue;
    }
    const width = layer.gates * layer.hiddenSize;
    const inputs = layer.input === "repeated"
      ? new Array<number[]>(layer.timeSteps).fill(values.at(-1)!)
      : values;
    values = advance(layer.cell, inputs, {
      kernel: asMatrix(first!, width),
      recurrentKernel: asMatrix(second!, width),
      bias: third!,
    });
  }
  return values;
}

function asMatrix(values: readonly number[], columns: number): Matrix {
  return Array.from(
    { length: values.length / columns },
    (_, row) => values.slice(row * columns, (row + 1) * columns),
  );
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** v M + bias, or v M. */
function multiply(v: readonly number[], m: Matrix, bias?: readonly number[]): number[] {
  return m[0]!.map((_, j) => v.reduce((sum, x, k) => sum + x * m[k]![j]!, bias?.[j] ?? 0));
}

const columns = (m: Matrix, from: number, to: number): Matrix =>
  m.map((row) => row.slice(from, to));

/** Advances a cell over one example's inputs; gives the hidden states. */
function advance(cell: Cell, inputs: Matrix, weights: Weights64): Matrix {
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
function crossEntropy(logits: readonly number[], target: number): number {
  const most = Math.max(...logits);
  const sum = logits.reduce((total, value) => total + Math.exp(value - most), 0);
  return Math.log(sum) + most - logits[target]!;
}
