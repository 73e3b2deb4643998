/** The graph of a model with the decoder `repeat`. @module */
import type { RepeatNetwork } from "../../network/network.ts";
import type { NamedTensor } from "../../network/parameters.ts";
import { addDense } from "./add_dense.ts";
import { addRecurrent } from "./add_recurrent.ts";
import { createGraphBuilder, type GraphBuilder } from "./graph_builder.ts";
import type { OnnxGraph } from "./onnx_message.ts";
import { probabilitiesPort, sourcePort, targetPort } from "./ports.ts";

/**
 * Builds it: the symbols of the source as one-hot vectors, the encoder, its last state at every position, the decoder layers, and the
 * dense layer. Sequences are (T, B, …), as recurrent nodes read them.
 *
 * @param parameters in the network's order
 */
export function buildRepeatGraph(
  network: RepeatNetwork,
  parameters: readonly NamedTensor[],
): OnnxGraph {
  const graph = createGraphBuilder();
  const [source, target, probabilities] = [sourcePort, targetPort, probabilitiesPort].map((port) =>
    port(network)
  );
  let values = addOneHot(graph, source!.name, network.sourceVocabularySize);
  for (const layer of network.layers) {
    if (layer.type === "dense") {
      const logits = addDense(
        graph,
        layer,
        parameters,
        graph.node("Transpose", [values], { perm: [1, 0, 2] }),
      );
      graph.node("Softmax", [logits], { axis: -1 }, probabilities!.name);
      graph.node("ArgMax", [logits], { axis: -1, keepdims: 0 }, target!.name);
      break;
    }
    const { every, last } = addRecurrent(graph, [layer], parameters, { sequence: values });
    values = layer.output === "last"
      ? graph.node("Tile", [last[0]!, graph.ints([network.outputLength, 1, 1])])
      : graph.node("Squeeze", [every, graph.ints([1])]);
  }
  return graph.finish({ name: "carry", inputs: [source!], outputs: [target!, probabilities!] });
}

/** Adds one-hot vectors, float32 (T, B, V). An index that no symbol has is an error, as it is not with the operation `OneHot`. */
function addOneHot(graph: GraphBuilder, source: string, V: number): string {
  const square = graph.node("ConstantOfShape", [graph.ints([V, V])]);
  const identity = graph.node("EyeLike", [square]);
  return graph.node("Gather", [identity, graph.node("Transpose", [source], { perm: [1, 0] })]);
}
