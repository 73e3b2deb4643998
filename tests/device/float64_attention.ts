/** A network with attention and its loss in float64, written only from their equations. @module */
import type { Examples, StepRegularization } from "../../src/device/executor.ts";
import type { AttentionNetwork, RecurrentLayer } from "../../src/network/network.ts";
import {
  dropoutPlaceKey,
  dropoutRowKey,
  dropoutSites,
  dropoutStepKey,
  dropThreshold,
  isKept,
} from "../../src/random/dropout.ts";
import {
  asMatrix,
  bindCell64,
  crossEntropy,
  type Matrix,
  multiply,
  softmax,
  type State64,
  zeros,
} from "./float64_layers.ts";

/** Drops values of a vector at a site and a position. */
type Drop64 = (vector: number[], site: number, t: number) => number[];

/** What the decoder knows of a source. */
interface Encoded64 {
  /** The states that the attention reads. */
  readonly states: Matrix;
  /** The state that every decoder layer begins with. */
  readonly last: State64;
}

/**
 * Computes the mean loss of the target characters that count, over all of some rows.
 *
 * @param parameters in the network's order, row-major
 */
export function attentionLossOf(
  network: AttentionNetwork,
  parameters: readonly number[][],
  { sources, targets }: Examples,
  rows: Uint32Array,
  regularization: StepRegularization = { dropout: 0, seed: 0, labelSmoothing: 0, step: 1 },
): number {
  const { inputLength, outputLength, targetPadding, targetVocabularySize: V } = network;
  const { labelSmoothing: smoothing } = regularization;
  let [sum, characters] = [0, 0];
  for (const row of rows) {
    const source = sources.subarray(row * inputLength, (row + 1) * inputLength);
    const target = targets.subarray(row * outputLength, (row + 1) * outputLength);
    const drop = makeDrop(row, regularization);
    const encoded = encode(network, parameters, source, drop);
    const logits = decode(network, parameters, { source, target, encoded }, drop);
    const end = target.indexOf(targetPadding ?? -1);
    const counted = end === -1 ? outputLength : end + 1;
    characters += counted;
    for (let t = 0; t < counted; t++) {
      const each = Array.from({ length: V }, (_, v) => crossEntropy(logits[t]!, v));
      const mean = each.reduce((a, b) => a + b, 0) / V;
      sum += (1 - smoothing) * each[target[t]!]! + smoothing * mean;
    }
  }
  return sum / characters;
}

function makeDrop(row: number, { dropout, seed, step }: StepRegularization): Drop64 {
  const rowKey = dropoutRowKey(dropoutStepKey(seed, step), row);
  return (vector, site, t) => {
    const placeKey = dropoutPlaceKey(rowKey, site, t);
    return vector.map((value, feature) =>
      isKept(placeKey, feature, dropThreshold(dropout)) ? value / (1 - dropout) : 0
    );
  };
}

function encode(
  { sourceEmbedding, sourcePadding, encoder, decoderLayers }: AttentionNetwork,
  parameters: readonly number[][],
  source: Uint8Array,
  drop: Drop64,
): Encoded64 {
  const sites = dropoutSites(encoder.length, decoderLayers.length);
  const table = asMatrix(parameters[sourceEmbedding.firstParameter]!, sourceEmbedding.outputSize);
  let values = Array.from(source, (symbol, t) => drop(table[symbol]!, sites.sourceEmbedding, t));
  let last: State64 = { h: [], c: [] };
  for (const [i, directions] of encoder.entries()) {
    const read = (layer: RecurrentLayer): { states: Matrix; last: State64 } => {
      const advance = bindCell64(layer, parameters);
      let state: State64 = { h: zeros(layer.hiddenSize), c: zeros(layer.hiddenSize) };
      const states: Matrix = [];
      const order = Array.from(source.keys());
      for (const t of layer.direction === "forward" ? order : order.reverse()) {
        if (source[t] !== sourcePadding) state = advance(values[t]!, state);
        states[t] = state.h;
      }
      return { states, last: state };
    };
    const runs = directions.map(read);
    values = values.map((_, t) =>
      drop(runs.flatMap(({ states }) => states[t]!), sites.encoder[i]!, t)
    );
    last = { h: runs.flatMap(({ last }) => last.h), c: runs.flatMap(({ last }) => last.c) };
  }
  return { states: values, last };
}

/** Gives the logits of every position after the right symbols. */
function decode(
  network: AttentionNetwork,
  parameters: readonly number[][],
  { source, target, encoded }: {
    readonly source: Uint8Array;
    readonly target: Uint8Array;
    readonly encoded: Encoded64;
  },
  drop: Drop64,
): Matrix {
  const { targetEmbedding, decoderLayers, output, sourcePadding } = network;
  const sites = dropoutSites(network.encoder.length, decoderLayers.length);
  const table = asMatrix(parameters[targetEmbedding.firstParameter]!, targetEmbedding.outputSize);
  const cells = decoderLayers.map((layer) => bindCell64(layer, parameters));
  const states = decoderLayers.map(() => encoded.last);
  const visible = encoded.states.filter((_, s) => source[s] !== sourcePadding);
  const kernel = asMatrix(parameters[output.firstParameter]!, output.outputSize);
  return Array.from(target, (_, t) => {
    let x = t === 0
      ? zeros(targetEmbedding.outputSize)
      : drop(table[target[t - 1]!]!, sites.targetEmbedding, t);
    for (const [i, advance] of cells.entries()) {
      states[i] = advance(x, states[i]!);
      x = states[i]!.h;
      if (i < cells.length - 1) x = drop(x, sites.decoderLayers[i]!, t);
    }
    const y = attend(network, parameters, visible, x);
    return multiply(drop(y, sites.attention, t), kernel, parameters[output.firstParameter + 1]!);
  });
}

/** Looks at the states that are not masked. */
function attend(
  { attention: { firstParameter, hiddenSize: H } }: AttentionNetwork,
  parameters: readonly number[][],
  visible: Matrix,
  h: readonly number[],
): number[] {
  const query = multiply(h, asMatrix(parameters[firstParameter]!, H));
  const scores = visible.map((state) =>
    state.reduce((sum, value, j) => sum + value * query[j]!, 0)
  );
  const weights = softmax(scores);
  const context = zeros(H).map((_, j) =>
    visible.reduce((sum, state, s) => sum + weights[s]! * state[j]!, 0)
  );
  const kernel = asMatrix(parameters[firstParameter + 1]!, H);
  return multiply([...context, ...h], kernel, parameters[firstParameter + 2]!).map(Math.tanh);
}
