/** The graph of a model with the decoder `attention`: the encoder, and a loop that makes the answer symbol by symbol. @module */
import type { AttentionNetwork } from "../../network/network.ts";
import type { NamedTensor } from "../../network/parameters.ts";
import { addEncoder, type EncodedSource } from "./add_encoder.ts";
import { buildDecoderStep, type ValuedNetwork } from "./decoder_step.ts";
import { createGraphBuilder, type GraphBuilder } from "./graph_builder.ts";
import type { OnnxGraph, Port } from "./onnx_message.ts";
import { attentionPort, probabilitiesPort, sourcePort, targetPort } from "./ports.ts";

/** Builds it. @param parameters in the network's order */
export function buildAttentionGraph(
  network: AttentionNetwork,
  parameters: readonly NamedTensor[],
): OnnxGraph {
  const graph = createGraphBuilder();
  const given = { network, parameters };
  const source = sourcePort(network);
  const encoded = addEncoder(graph, network, parameters, source.name);
  const [symbols, probabilities, looked] = addLoop(graph, given, encoded, source.name);
  const [target, every, attention] = [targetPort, probabilitiesPort, attentionPort].map((port) =>
    port(network)
  );
  graph.node("Transpose", [symbols!], { perm: [1, 0] }, target!.name);
  graph.node("Transpose", [probabilities!], { perm: [1, 0, 2] }, every!.name);
  addAttention(graph, encoded, looked!, attention!);
  return graph.finish({
    name: "carry",
    inputs: [source],
    outputs: [target!, every!, attention!],
  });
}

/** Adds the loop over the target's positions. @returns symbols (T_out, B), probabilities (T_out, B, V), attention (T_out, B, T_in) */
function addLoop(
  graph: GraphBuilder,
  given: ValuedNetwork,
  encoded: EncodedSource,
  source: string,
): string[] {
  const { outputLength, targetVocabularySize: V, decoderLayers } = given.network;
  const size = graph.node("Shape", [source], { start: 0, end: 1 });
  const before = graph.node("Expand", [graph.ints([V]), size]); // no symbol: a row of zeros in the table
  const states = decoderLayers.flatMap(() => encoded.last);
  const carried = [before, ...states].map(() => graph.name("carried"));
  const outputs = ["symbols", "probabilities", "looked"].map(graph.name);
  graph.nodes({
    type: "Loop",
    inputs: [graph.ints(outputLength), "", before, ...states],
    outputs: [...carried, ...outputs],
    attributes: { body: graph.body((body) => buildDecoderStep(body, given, encoded)) },
  });
  return outputs;
}

/** Adds the output of attention: (T_out, B, T_in) as (B, T_out, T_in), with the positions as they were in the source. */
function addAttention(
  graph: GraphBuilder,
  { order }: EncodedSource,
  looked: string,
  { name }: Port,
): void {
  const perm = { perm: [1, 0, 2] };
  if (order === undefined) {
    graph.node("Transpose", [looked], perm, name);
    return;
  }
  const weights = graph.node("Transpose", [looked], perm);
  const rows = graph.node("Unsqueeze", [order, graph.ints([1])]);
  const places = graph.node("Expand", [rows, graph.node("Shape", [weights])]);
  graph.node("ScatterElements", [weights, places, weights], { axis: 2 }, name);
}
