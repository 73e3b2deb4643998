/** The graph of a model: its layers, their parameters, and what each takes. @module */
import type { GivenModelConfig } from "../../network/config.ts";
import { describeLayers, type Layer } from "../../network/layers.ts";
import type { GraphNode } from "./graph_def.ts";

/**
 * Draws a model as the nodes of a graph: one for each layer, named and typed as in Keras, with the shape of its output, and one for each
 * of its parameters, inside of it. With the decoder `attention`, the decoder takes the symbols of the answer before, and attention takes
 * the states of encoder and decoder.
 *
 * @throws {TypeError | RangeError | SyntaxError} if the config is not valid
 * @example
 * ```ts
 * import { characterLayout } from "@carry/seq2seq";
 * import { drawModelGraph } from "@carry/seq2seq/interop";
 * import { assertEquals } from "@std/assert";
 *
 * const nodes = drawModelGraph({
 *   cell: "lstm", hiddenSize: 128, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 7, outputLength: 4, reverse: true }),
 * });
 * assertEquals(nodes.find(({ name }) => name === "repeat_vector"), {
 *   name: "repeat_vector", op: "RepeatVector", inputs: ["lstm"], shape: [-1, 4, 128],
 * });
 * ```
 */
export function drawModelGraph(config: GivenModelConfig): readonly GraphNode[] {
  const layers = describeLayers(config);
  const first = layers[0]!;
  const nodes: GraphNode[] = [input("question", first)];
  let [last, encoder] = ["question", ""];
  for (const layer of layers) {
    const inputs = [last];
    if (layer.type === "Embedding" && layer !== first) {
      encoder = last;
      nodes.push(input("answer_before", layer));
      inputs[0] = "answer_before";
    } else if (layer.type === "LuongAttention") inputs.push(encoder);
    else if (isFirstDecoder(layers, layer)) inputs.push(encoder);
    for (const node of drawLayer(layer, inputs)) nodes.push(node);
    last = layer.name;
  }
  return nodes;
}

/** Says whether a layer follows the embedding of answers. It begins with the encoder's last state. */
function isFirstDecoder(layers: readonly Layer[], layer: Layer): boolean {
  const at = layers.indexOf(layer);
  return at > 1 && layers[at - 1]!.type === "Embedding";
}

function input(name: string, { inputShape }: Layer): GraphNode {
  return { name, op: "Placeholder", shape: [-1, ...inputShape] };
}

function drawLayer(
  { name, type, outputShape, parameters }: Layer,
  inputs: readonly string[],
): GraphNode[] {
  return [
    {
      ...{ name, op: type, inputs: [...inputs, ...parameters.map((each) => each.name)] },
      shape: [-1, ...outputShape],
    },
    ...parameters.map(({ name, shape }): GraphNode => ({ name, op: "Variable", shape })),
  ];
}
