/** The encoder of a model with attention, as nodes of ONNX. @module */
import type { AttentionNetwork } from "../../network/network.ts";
import type { NamedTensor } from "../../network/parameters.ts";
import { addParameter } from "./add_dense.ts";
import { addRecurrent } from "./add_recurrent.ts";
import type { GraphBuilder } from "./graph_builder.ts";
import { ELEMENT_TYPES, type ElementType } from "./onnx_message.ts";

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
  /** Number of positions that are read, int32 (B): at least 1. */
  readonly lengths: string | undefined;
  /** Whether any position is not masked, bool (B, 1). */
  readonly isAny: string | undefined;
}

/**
 * Adds the embedding and the encoder's layers.
 *
 * A layer keeps its state at a masked position, and nothing reads what it has there. The masked positions, which may come first or
 * between others, are therefore put behind the others, and the layers read up to them. If all are masked, they read one, and the
 * decoder begins with zeros: with a length of 0, ONNX Runtime 1.20 leaves the state of an `RNN` uninitialised.
 */
export function addEncoder(
  graph: GraphBuilder,
  network: AttentionNetwork,
  parameters: readonly NamedTensor[],
  given: string,
): EncodedSource {
  const { source, lengths, isAny, ...masked } = packSource(graph, network, given);
  const table = addParameter(graph, parameters, network.sourceEmbedding.firstParameter);
  const turned = graph.node("Transpose", [source], { perm: [1, 0] });
  let values = graph.node("Gather", [table, turned]);
  let last: readonly string[] = [];
  for (const directions of network.encoder) {
    const output = addRecurrent(graph, directions, parameters, { sequence: values, lengths });
    values = joinDirections(graph, output.every, { perm: [0, 2, 1, 3], shape: [0, 0, -1] });
    const joined = { perm: [1, 0, 2], shape: [1, -1, network.hiddenSize] };
    last = output.last.map((state) => joinDirections(graph, state, joined));
  }
  const begin = (state: string): string =>
    isAny === undefined ? state : graph.node("Where", [isAny, state, addNumber(graph, "zero", 0)]);
  return {
    ...masked,
    states: graph.node("Transpose", [values], { perm: [1, 0, 2] }),
    turned: graph.node("Transpose", [values], { perm: [1, 2, 0] }),
    last: last.map(begin),
  };
}

/** Adds the sources with their padding behind the rest. */
function packSource(
  graph: GraphBuilder,
  { sourcePadding, inputLength: T }: AttentionNetwork,
  source: string,
): PackedSource {
  if (sourcePadding === null) {
    const none = undefined;
    return { source, lengths: none, isAny: none, mask: none, hidden: none, order: none };
  }
  const isPadding = graph.node("Equal", [source, graph.ints(sourcePadding)]);
  const isRead = cast(graph, graph.node("Not", [isPadding]), "int64");
  // keys that fall with the position, all those of masked positions below all others
  const falling = graph.node("Range", [graph.ints(T), graph.ints(0), graph.ints(-1)]);
  const keys = graph.node("Add", [graph.node("Mul", [isRead, graph.ints(T)]), falling]);
  const order = graph.name("order");
  graph.nodes({
    ...{ type: "TopK", inputs: [keys, graph.ints([T])], outputs: [graph.name("keys"), order] },
    attributes: { axis: 1 },
  });
  const count = graph.node("ReduceSum", [isRead, graph.ints([1])], { keepdims: 1 });
  const read = graph.node("Max", [count, graph.ints(1)]);
  return {
    ...{ source: graph.node("GatherElements", [source, order], { axis: 1 }), order },
    lengths: cast(graph, graph.node("Squeeze", [read, graph.ints([1])]), "int32"),
    isAny: graph.node("Greater", [count, graph.ints(0)]),
    ...addMask(graph, graph.node("GatherElements", [isRead, order], { axis: 1 })),
  };
}

/** Adds what hides masked positions from attention. @param isRead 0 at masked positions, else 1, int64 (B, T_in) */
function addMask(graph: GraphBuilder, isRead: string): Pick<PackedSource, "mask" | "hidden"> {
  const mask = graph.node("Unsqueeze", [cast(graph, isRead, "float32"), graph.ints([1])]);
  const below = graph.node("Sub", [mask, addNumber(graph, "one", 1)]);
  return { mask, hidden: graph.node("Mul", [below, addNumber(graph, "far", 1e9)]) };
}

/** Adds the states of a layer as vectors of size H: those of two directions are concatenated. */
function joinDirections(
  graph: GraphBuilder,
  states: string,
  { perm, shape }: { readonly perm: readonly number[]; readonly shape: readonly number[] },
): string {
  return graph.node("Reshape", [graph.node("Transpose", [states], { perm }), graph.ints(shape)]);
}

/** Adds a constant that is one number. */
function addNumber(graph: GraphBuilder, name: string, value: number): string {
  return graph.floats(name, [], Float32Array.of(value));
}

function cast(graph: GraphBuilder, tensor: string, type: ElementType): string {
  return graph.node("Cast", [tensor], { to: ELEMENT_TYPES[type] });
}
