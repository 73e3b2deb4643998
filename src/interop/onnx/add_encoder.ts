/** The encoder of a model with attention, as nodes of ONNX. @module */
import type { AttentionNetwork } from "../../network/network.ts";
import type { NamedTensor } from "../../network/parameters.ts";
import { addParameter } from "./add_dense.ts";
import { addRecurrent } from "./add_recurrent.ts";
import type { GraphBuilder } from "./graph_builder.ts";

/** What the decoder knows of sources: names of tensors. Positions that are not masked come first, in their order. */
export interface EncodedSource {
  /** The encoder's states, float32 (B, T_in, H). */
  readonly states: string;
  /** The same, float32 (B, H, T_in). */
  readonly turned: string;
  /** The state with which every decoder layer begins: h and, of an LSTM, c, each float32 (1, B, H). */
  readonly last: readonly string[];
  /** 0 at masked positions, else 1, float32 (B, 1, T_in); undefined if nothing pads. */
  readonly mask: string | undefined;
  /** What is added to scores: -1e9 at masked positions, so that the exponential is 0; else 0. */
  readonly hidden: string | undefined;
  /** The source's position at each position, int64 (B, T_in); undefined if it is the same. */
  readonly order: string | undefined;
}

/** Sources whose padding comes last. */
interface PackedSource extends Pick<EncodedSource, "mask" | "hidden" | "order"> {
  /** Indices, int64 (B, T_in). */
  readonly source: string;
  /** Number of positions that are not masked, int32 (B). */
  readonly lengths: string | undefined;
}

/**
 * Adds the embedding and the encoder's layers.
 *
 * A layer keeps its state at a masked position, and nothing reads what it has there. The masked positions, which may come first or
 * between others, are therefore put behind the others, and the layers read up to them.
 */
export function addEncoder(
  graph: GraphBuilder,
  network: AttentionNetwork,
  parameters: readonly NamedTensor[],
  given: string,
): EncodedSource {
  const { sourceEmbedding, encoder, hiddenSize } = network;
  const { source, lengths, ...masked } = packSource(graph, network, given);
  const table = addParameter(graph, parameters, sourceEmbedding.firstParameter);
  let values = graph.node("Gather", [table, graph.node("Transpose", [source], { perm: [1, 0] })]);
  let last: readonly string[] = [];
  for (const directions of encoder) {
    const output = addRecurrent(graph, directions, parameters, { sequence: values, lengths });
    const isDouble = directions.length === 2;
    values = isDouble
      ? joinDirections(graph, output.every, { perm: [0, 2, 1, 3], shape: [0, 0, hiddenSize] })
      : graph.node("Squeeze", [output.every, graph.ints([1])]);
    last = isDouble
      ? output.last.map((state) =>
        joinDirections(graph, state, { perm: [1, 0, 2], shape: [1, -1, hiddenSize] })
      )
      : output.last;
  }
  return {
    ...masked,
    states: graph.node("Transpose", [values], { perm: [1, 0, 2] }),
    turned: graph.node("Transpose", [values], { perm: [1, 2, 0] }),
    last,
  };
}

/** Adds the sources with their padding behind the rest. */
function packSource(
  graph: GraphBuilder,
  { sourcePadding, inputLength: T }: AttentionNetwork,
  source: string,
): PackedSource {
  if (sourcePadding === null) {
    return { source, lengths: undefined, mask: undefined, hidden: undefined, order: undefined };
  }
  const isPadding = graph.node("Equal", [source, graph.ints(sourcePadding)]);
  const isRead = graph.node("Cast", [graph.node("Not", [isPadding])], { to: 7 });
  // keys that fall with the position, all those of masked positions below all others
  const falling = graph.ints(Array.from({ length: T }, (_, position) => T - position));
  const keys = graph.node("Add", [graph.node("Mul", [isRead, graph.ints(T)]), falling]);
  const order = graph.name("order");
  graph.nodes({
    ...{ type: "TopK", inputs: [keys, graph.ints([T])], outputs: [graph.name("keys"), order] },
    attributes: { axis: 1 },
  });
  const count = graph.node("ReduceSum", [isRead, graph.ints([1])], { keepdims: 0 });
  const packed = graph.node("GatherElements", [isRead, order], { axis: 1 });
  const flat = graph.node("Cast", [packed], { to: 1 });
  const mask = graph.node("Unsqueeze", [flat, graph.ints([1])]);
  const one = graph.floats("one", [], Float32Array.of(1));
  const far = graph.floats("far", [], Float32Array.of(1e9));
  return {
    ...{ source: graph.node("GatherElements", [source, order], { axis: 1 }), mask, order },
    lengths: graph.node("Cast", [count], { to: 6 }),
    hidden: graph.node("Mul", [graph.node("Sub", [mask, one]), far]),
  };
}

/** Adds the concatenation of a layer's directions. */
function joinDirections(
  graph: GraphBuilder,
  states: string,
  { perm, shape }: { readonly perm: readonly number[]; readonly shape: readonly number[] },
): string {
  return graph.node("Reshape", [graph.node("Transpose", [states], { perm }), graph.ints(shape)]);
}
