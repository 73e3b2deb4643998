/**
 * A graph as TensorBoard's tab GRAPHS shows it: a `GraphDef` of nodes.
 *
 * Source: tensorboard/compat/proto/graph.proto, node_def.proto, attr_value.proto, tensor_shape.proto.
 *
 * @module
 */
import {
  type Field,
  intField,
  messageField,
  textField,
  writeMessage,
} from "../protobuf/write_message.ts";

/** A node of a graph. */
export interface GraphNode {
  /** Its name, unique in the graph. A `/` makes a group: `lstm/kernel` is inside `lstm`. */
  readonly name: string;
  /** What it does: `LSTM`. */
  readonly op: string;
  /** Names of the nodes whose output it takes. Default: none. */
  readonly inputs?: readonly string[];
  /** Shape of its output; -1 for a size that is not known. Default: not said. */
  readonly shape?: readonly number[];
}

/** The version of graphs that TensorFlow 2 makes. */
const PRODUCER = 987;

/** Writes a graph. */
export function writeGraphDef(nodes: readonly GraphNode[]): Uint8Array<ArrayBuffer> {
  return writeMessage([
    ...nodes.map((node) => messageField(1, writeNode(node))),
    messageField(4, [intField(1, PRODUCER)]),
  ]);
}

function writeNode({ name, op, inputs = [], shape }: GraphNode): Field[] {
  return [
    textField(1, name),
    textField(2, op),
    ...inputs.map((input) => textField(3, input)),
    ...(shape === undefined ? [] : [messageField(5, writeShapeAttribute(shape))]),
  ];
}

/** Writes an entry of a node's attributes: `_output_shapes`, a list of one shape. */
function writeShapeAttribute(shape: readonly number[]): Field[] {
  const dimensions = shape.map((size) => messageField(2, [intField(1, size)]));
  return [
    textField(1, "_output_shapes"),
    messageField(2, [messageField(1, [messageField(7, dimensions)])]),
  ];
}
