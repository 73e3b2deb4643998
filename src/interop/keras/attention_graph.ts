/** Models with attention as functional Keras models. @module */
import { countSourceSymbols, countTargetSymbols, type ModelConfig } from "../../network/config.ts";
import { cellType } from "../../network/layers.ts";
import { ATTENTION_DENSE, type AttentionLayers, sortAttentionLayers } from "./attention_layers.ts";
import { createKerasGraph, type KerasGraph, type KerasTensor } from "./keras_graph.ts";
import {
  describeKerasLayer,
  describeRecurrent,
  describeTimeDistributed,
  type KerasObject,
} from "./keras_layers.ts";

/**
 * Describes a model with attention as a functional model: the mathematics of AttentionNetwork, taught by the target.
 *
 * Inputs: indices of the sources, int32 (B, T_in), and of the targets, int32 (B, T_out), of which the decoder reads at position t the
 * symbol t - 1: the target's last symbol is not read. Output: probabilities, float32 (B, T_out, V_out). The embedding of the sources masks
 * the padding, which must have the index 0. A masked position has the state zero, so that the context is zero if all are masked.
 */
export function describeAttention(model: ModelConfig): KerasObject {
  const { source, target } = model;
  const graph = createKerasGraph();
  const layers = sortAttentionLayers(model);
  const inputs = [
    graph.addInput("source", source.length),
    graph.addInput("target", target.length),
  ] as const;
  const { states, last } = addEncoder(graph, model, layers, inputs[0]);
  const read = addDecoder(graph, model, layers, { indices: inputs[1], last });
  const [mixed] = addAttention(graph, model, layers, { states, read });
  return graph.describe(inputs, addProbabilities(graph, model, layers, mixed));
}

/** Adds the encoder. @returns its states at all positions, and its last state: h, and c of an LSTM */
function addEncoder(
  graph: KerasGraph,
  model: ModelConfig,
  { sourceEmbedding, encoder }: AttentionLayers,
  indices: KerasTensor,
): { readonly states: KerasTensor; readonly last: readonly KerasTensor[] } {
  const { source: { length, padding }, hiddenSize: H, embeddingSize: E, cell, bidirectional } =
    model;
  let [states, ...found] = graph.add({
    ...{ className: "Embedding", name: sourceEmbedding.name, reads: indices },
    own: { input_dim: countSourceSymbols(model), output_dim: E, mask_zero: padding !== null },
    outputs: [[length, E]],
  });
  const units = bidirectional ? H / 2 : H;
  const kept = (bidirectional ? 2 : 1) * (cell === "lstm" ? 2 : 1);
  encoder.forEach(({ name }, i) => {
    const isLast = i === encoder.length - 1;
    const own = {
      ...describeRecurrent(cell, units),
      ...{ return_sequences: true, return_state: isLast, zero_output_for_mask: true },
    };
    const final = isLast ? new Array<number[]>(kept).fill([units]) : [];
    [states, ...found] = graph.add({
      className: bidirectional ? "Bidirectional" : cellType(cell),
      ...{ name, reads: states, outputs: [[length, H], ...final] },
      own: bidirectional ? describeDirections(name, cellType(cell), own) : own,
    });
  });
  return { states, last: bidirectional ? joinDirections(graph, found, H) : found };
}

function describeDirections(
  name: string,
  className: string,
  own: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const direct = (direction: string, backwards: boolean): KerasObject =>
    describeKerasLayer(className, `${direction}_${name}`, { ...own, go_backwards: backwards });
  return {
    merge_mode: "concat",
    ...{ layer: direct("forward", false), backward_layer: direct("backward", true) },
  };
}

/** Concatenates the last states of both directions. @param found those forward, and then those backward */
function joinDirections(
  graph: KerasGraph,
  found: readonly KerasTensor[],
  H: number,
): readonly KerasTensor[] {
  const half = found.length / 2;
  return found.slice(0, half).map((forward, i) => {
    const [joined] = graph.add({
      ...{ className: "Concatenate", name: `last_${"hc"[i]}`, reads: [forward, found[half + i]!] },
      outputs: [[H]],
    });
    return joined;
  });
}

/** Adds the decoder, which reads at every position the symbol before, and zeros at the first. @returns its states */
function addDecoder(
  graph: KerasGraph,
  model: ModelConfig,
  { targetEmbedding, decoder }: AttentionLayers,
  { indices, last }: { readonly indices: KerasTensor; readonly last: readonly KerasTensor[] },
): KerasTensor {
  const { target: { length: T }, hiddenSize: H, embeddingSize: E, cell } = model;
  let [read] = graph.add({
    ...{ className: "Embedding", name: targetEmbedding.name, reads: indices },
    ...{ own: { input_dim: countTargetSymbols(model), output_dim: E }, outputs: [[T, E]] },
  });
  [read] = graph.add({
    ...{ className: "ZeroPadding1D", name: "zero_padding1d", reads: read },
    ...{ own: { padding: [1, 0] }, outputs: [[T + 1, E]] },
  });
  [read] = graph.add({
    ...{ className: "Cropping1D", name: "cropping1d", reads: read },
    ...{ own: { cropping: [0, 1] }, outputs: [[T, E]] },
  });
  for (const { name } of decoder) {
    [read] = graph.add({
      ...{ className: cellType(cell), name, reads: read, initialState: last },
      ...{ own: { ...describeRecurrent(cell, H), return_sequences: true }, outputs: [[T, H]] },
    });
  }
  return read;
}

/** Adds the attention: tanh([context, h] W_c + b). */
function addAttention(
  graph: KerasGraph,
  { target: { length: T }, hiddenSize: H }: ModelConfig,
  { attention }: AttentionLayers,
  { states, read }: { readonly states: KerasTensor; readonly read: KerasTensor },
): readonly [KerasTensor, ...KerasTensor[]] {
  const [scored] = graph.add({
    ...{ className: "Dense", name: ATTENTION_DENSE.score, reads: read, outputs: [[T, H]] },
    own: { units: H, activation: "linear", use_bias: false },
  });
  const [context] = graph.add({
    ...{ className: "Attention", name: attention.name, reads: [scored, states] },
    ...{ own: { use_scale: false, score_mode: "dot" }, outputs: [[T, H]] },
  });
  const [joined] = graph.add({
    ...{ className: "Concatenate", name: "context_and_state", reads: [context, read] },
    outputs: [[T, 2 * H]],
  });
  return graph.add({
    ...{ className: "Dense", name: ATTENTION_DENSE.output, reads: joined, outputs: [[T, H]] },
    own: { units: H, activation: "tanh", use_bias: true },
  });
}

function addProbabilities(
  graph: KerasGraph,
  model: ModelConfig,
  { dense }: AttentionLayers,
  mixed: KerasTensor,
): KerasTensor {
  const outputs = [[model.target.length, countTargetSymbols(model)]];
  const [logits] = graph.add({
    ...{ className: "TimeDistributed", name: dense.name, reads: mixed, outputs },
    own: describeTimeDistributed(countTargetSymbols(model)),
  });
  const [probabilities] = graph.add({
    ...{ className: "Activation", name: "activation", reads: logits, outputs },
    own: { activation: "softmax" },
  });
  return probabilities;
}
