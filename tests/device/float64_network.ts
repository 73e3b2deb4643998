/** A network with the decoder `repeat` and its loss in float64, written only from their equations. @module */
import type { Examples } from "../../src/device/executor.ts";
import type { RepeatNetwork } from "../../src/network/network.ts";
import {
  asMatrix,
  bindCell64,
  crossEntropy,
  type Matrix,
  multiply,
  zeros,
} from "./float64_layers.ts";

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
    const [first, second] = parameters.slice(layer.firstParameter);
    if (layer.type === "dense") {
      const kernel = asMatrix(first!, layer.outputSize);
      values = values.map((h) => multiply(h, kernel, second!));
      continue;
    }
    const inputs = layer.input === "repeated"
      ? new Array<number[]>(layer.timeSteps).fill(values.at(-1)!)
      : values;
    const advance = bindCell64(layer, parameters);
    let state = { h: zeros(layer.hiddenSize), c: zeros(layer.hiddenSize) };
    values = inputs.map((x) => (state = advance(x, state)).h);
  }
  return values;
}
