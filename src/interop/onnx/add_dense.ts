/** Dense layers and lists of vectors as nodes of ONNX. @module */
import type { DenseLayer } from "../../network/network.ts";
import type { NamedTensor } from "../../network/parameters.ts";
import type { GraphBuilder } from "./graph_builder.ts";

/** Adds a parameter as a constant of its own name and shape. @returns its name */
export function addParameter(
  graph: GraphBuilder,
  parameters: readonly NamedTensor[],
  index: number,
): string {
  const { name, shape, values } = parameters[index]!;
  return graph.floats(name, shape, values);
}

/** Adds x W + b. @param x float32 (…, I) @returns float32 (…, V) */
export function addDense(
  graph: GraphBuilder,
  { firstParameter }: Pick<DenseLayer, "firstParameter">,
  parameters: readonly NamedTensor[],
  x: string,
): string {
  const kernel = addParameter(graph, parameters, firstParameter);
  const bias = addParameter(graph, parameters, firstParameter + 1);
  return graph.node("Add", [graph.node("MatMul", [x, kernel]), bias]);
}
