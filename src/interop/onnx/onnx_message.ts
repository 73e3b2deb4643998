/**
 * The messages of ONNX that a model needs. Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 *
 * @module
 */
import {
  type Field,
  floatsField,
  intField,
  intsField,
  messageField,
  textField,
  writeMessage,
} from "../protobuf/write_message.ts";

/** Version of the file format: that of ONNX 1.10 (2021). */
const IR_VERSION = 8;
/** Version of the operators: that of ONNX 1.12 (2022). */
const OPSET = 17;

/** Type of a tensor's values. */
export type ElementType = "float32" | "int32" | "int64" | "bool";

/** The number of each type, `TensorProto.DataType`. */
export const ELEMENT_TYPES: Readonly<Record<ElementType, number>> = {
  ...{ float32: 1, int32: 6, int64: 7, bool: 9 },
};

/** An input or an output of a graph. */
export interface Port {
  /** Name. */
  readonly name: string;
  /** Type of its values. */
  readonly type: ElementType;
  /** Dimensions; a name stands for one that is known only when the model runs. */
  readonly shape: readonly (number | string)[];
  /** What it holds, for people. */
  readonly about?: string;
}

/** A setting of a node: an integer, a text, integers, or a graph. */
export type Attribute = number | string | readonly number[] | { readonly graph: readonly Field[] };

/** A node: an operation on named tensors. An empty name stands for an input or an output that is left out. */
export interface OnnxNode {
  /** The operation. */
  readonly type: string;
  /** Names of its inputs. */
  readonly inputs: readonly string[];
  /** Names of its outputs. */
  readonly outputs: readonly string[];
  /** Its settings by their names. */
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A graph of nodes. */
export interface OnnxGraph {
  /** Name. */
  readonly name: string;
  /** Its nodes, each after those whose outputs it reads. */
  readonly nodes: readonly OnnxNode[];
  /** Constant tensors: fields of `writeTensor`. */
  readonly tensors: readonly (readonly Field[])[];
  /** What it reads. */
  readonly inputs: readonly Port[];
  /** What it gives. */
  readonly outputs: readonly Port[];
}

/** Writes a `ModelProto`. @param metadata texts by their keys, which come first in the file */
export function writeModel(
  graph: OnnxGraph,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  return writeMessage([
    intField(1, IR_VERSION),
    textField(2, "Carry"),
    messageField(8, [textField(1, ""), intField(2, OPSET)]),
    ...Object.entries(metadata).map(([key, value]) =>
      messageField(14, [textField(1, key), textField(2, value)])
    ),
    messageField(7, writeGraph(graph)),
  ]);
}

/** Writes the fields of a `GraphProto`. */
export function writeGraph({ name, nodes, tensors, inputs, outputs }: OnnxGraph): Field[] {
  return [
    ...nodes.map((node) => messageField(1, writeNode(node))),
    textField(2, name),
    ...tensors.map((tensor) => messageField(5, tensor)),
    ...inputs.map((port) => messageField(11, writePort(port))),
    ...outputs.map((port) => messageField(12, writePort(port))),
  ];
}

/** Writes the fields of a `TensorProto`. @param values row-major; float32, or int64 as a list of numbers */
export function writeTensor(
  name: string,
  shape: readonly number[],
  values: Float32Array | readonly number[],
): Field[] {
  const [type, data] = values instanceof Float32Array
    ? ["float32" as const, floatsField(4, values)]
    : ["int64" as const, intsField(7, values)];
  return [
    ...shape.map((dimension) => intField(1, dimension)),
    ...[intField(2, ELEMENT_TYPES[type]), textField(8, name), data],
  ];
}

function writeNode({ type, inputs, outputs, attributes }: OnnxNode): Field[] {
  return [
    ...inputs.map((name) => textField(1, name)),
    ...outputs.map((name) => textField(2, name)),
    textField(4, type),
    ...Object.entries(attributes).map(([name, value]) =>
      messageField(5, [textField(1, name), ...writeAttribute(value)])
    ),
  ];
}

function writeAttribute(value: Attribute): Field[] {
  if (typeof value === "number") return [intField(3, value), intField(20, 2)];
  if (typeof value === "string") return [textField(4, value), intField(20, 3)];
  if ("graph" in value) return [messageField(6, value.graph), intField(20, 5)];
  return [...value.map((each) => intField(8, each)), intField(20, 7)];
}

function writePort({ name, type, shape, about }: Port): Field[] {
  const dimensions = shape.map((dimension) =>
    messageField(1, [
      typeof dimension === "string" ? textField(2, dimension) : intField(1, dimension),
    ])
  );
  const tensor = [intField(1, ELEMENT_TYPES[type]), messageField(2, dimensions)];
  return [
    textField(1, name),
    messageField(2, [messageField(1, tensor)]),
    ...(about === undefined ? [] : [textField(3, about)]),
  ];
}
