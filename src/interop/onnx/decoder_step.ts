/** A step of the decoder with attention, as a graph of ONNX: the body of a loop. @module */
import type { AttentionNetwork } from "../../network/network.ts";
import type { NamedTensor } from "../../network/parameters.ts";
import { addDense, addParameter } from "./add_dense.ts";
import type { EncodedSource } from "./add_encoder.ts";
import { addRecurrent } from "./add_recurrent.ts";
import type { GraphBuilder, GraphEnds } from "./graph_builder.ts";
import type { Port } from "./onnx_message.ts";
import { BATCH } from "./ports.ts";

/** A network and the values of its parameters, in its order. */
export interface ValuedNetwork {
  readonly network: AttentionNetwork;
  readonly parameters: readonly NamedTensor[];
}

/** Builds a step of the loop: it reads the symbols before and the states of the decoder layers. */
export function buildDecoderStep(
  graph: GraphBuilder,
  { network, parameters }: ValuedNetwork,
  encoded: EncodedSource,
): GraphEnds {
  const { hiddenSize: H, decoderLayers, targetVocabularySize: V, inputLength: T } = network;
  const before: Port = { name: graph.name("before"), type: "int64", shape: [BATCH] };
  const states = decoderLayers.map(() =>
    encoded.last.map(() => port(graph.name("state"), [1, BATCH, H]))
  );
  const embedded = graph.node("Gather", [addTable(graph, network, parameters), before.name]);
  let values = graph.node("Unsqueeze", [embedded, graph.ints([0])]);
  const next = decoderLayers.flatMap((layer, i) => {
    const begin = states[i]!.map(({ name }) => name);
    const { last } = addRecurrent(graph, [layer], parameters, { sequence: values, begin });
    values = last[0]!;
    return last;
  });
  const h = graph.node("Squeeze", [values, graph.ints([0])]);
  const { output, weights } = attend(graph, { network, parameters }, encoded, h);
  const logits = addDense(graph, network.output, parameters, output);
  const chosen = addChoice(graph, network, { before: before.name, logits, weights });
  const iteration: Port = { name: graph.name("iteration"), type: "int64", shape: [] };
  const condition: Port = { name: graph.name("condition"), type: "bool", shape: [] };
  const goesOn = graph.node("Identity", [condition.name]);
  return {
    name: "step",
    inputs: [iteration, condition, before, ...states.flat()],
    outputs: [
      { ...condition, name: goesOn },
      { ...before, name: chosen.symbols },
      ...next.map((name) => port(name, [1, BATCH, H])),
      { ...before, name: graph.node("Identity", [chosen.symbols]) },
      ...[port(chosen.probabilities, [BATCH, V]), port(chosen.weights, [BATCH, T])],
    ],
  };
}

function port(name: string, shape: Port["shape"]): Port {
  return { name, type: "float32", shape };
}

/** Adds the embeddings of the target's symbols, and a row of zeros, which is read before the first symbol. */
function addTable(
  graph: GraphBuilder,
  { targetEmbedding: { firstParameter, vocabularySize, outputSize } }: AttentionNetwork,
  parameters: readonly NamedTensor[],
): string {
  const { name, values } = parameters[firstParameter]!;
  const table = new Float32Array((vocabularySize + 1) * outputSize);
  table.set(values);
  return graph.floats(`${name}_or_zeros`, [vocabularySize + 1, outputSize], table);
}

/** Adds attention. Equations: `AttentionLayer`. @param h float32 (B, H) */
function attend(
  graph: GraphBuilder,
  { network: { attention }, parameters }: ValuedNetwork,
  { states, turned, mask, hidden }: EncodedSource,
  h: string,
): { readonly output: string; readonly weights: string } {
  const scoreKernel = addParameter(graph, parameters, attention.firstParameter);
  const query = graph.node("Unsqueeze", [graph.node("MatMul", [h, scoreKernel]), graph.ints([1])]);
  let scores = graph.node("MatMul", [query, turned]);
  if (hidden !== undefined) scores = graph.node("Add", [scores, hidden]);
  let weights = graph.node("Softmax", [scores], { axis: -1 });
  if (mask !== undefined) weights = graph.node("Mul", [weights, mask]);
  const [context, flat] = [graph.node("MatMul", [weights, states]), weights].map((each) =>
    graph.node("Squeeze", [each, graph.ints([1])])
  );
  const both = graph.node("Concat", [context!, h], { axis: -1 });
  const dense = { firstParameter: attention.firstParameter + 1 };
  const output = graph.node("Tanh", [addDense(graph, dense, parameters, both)]);
  return { output, weights: flat! };
}

/** What a step chooses. */
interface Choice {
  /** int64 (B) */
  readonly symbols: string;
  /** float32 (B, V) */
  readonly probabilities: string;
  /** float32 (B, T_in) */
  readonly weights: string;
}

/** Adds the choice of the most probable symbols; after the end symbol it is the padding, and nothing is looked at. */
function addChoice(
  graph: GraphBuilder,
  { targetPadding, targetVocabularySize: V }: AttentionNetwork,
  { before, logits, weights }: {
    readonly before: string;
    readonly logits: string;
    readonly weights: string;
  },
): Choice {
  const symbols = graph.node("ArgMax", [logits], { axis: -1, keepdims: 0 });
  const probabilities = graph.node("Softmax", [logits], { axis: -1 });
  if (targetPadding === null) return { symbols, probabilities, weights };
  const padding = graph.ints(targetPadding);
  const ended = graph.node("Equal", [before, padding]);
  const column = graph.node("Unsqueeze", [ended, graph.ints([1])]);
  const certain = Float32Array.from({ length: V }, (_, index) => index === targetPadding ? 1 : 0);
  const after = (name: string, values: Float32Array, open: string): string =>
    graph.node("Where", [column, graph.floats(name, [values.length], values), open]);
  return {
    symbols: graph.node("Where", [ended, padding, symbols]),
    probabilities: after("certain_padding", certain, probabilities),
    weights: after("no_attention", new Float32Array(1), weights),
  };
}
