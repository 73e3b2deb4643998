/** Builds a graph of ONNX, node by node. @module */
import type { Field } from "../protobuf/write_message.ts";
import {
  type Attribute,
  type OnnxGraph,
  type OnnxNode,
  writeGraph,
  writeTensor,
} from "./onnx_message.ts";

/** What a graph is called, reads and gives. */
export type GraphEnds = Pick<OnnxGraph, "name" | "inputs" | "outputs">;

/** Settings of a node by their names. */
export type Attributes = Readonly<Record<string, Attribute>>;

/** A graph that is being built. Every tensor is known by its name. */
export interface GraphBuilder {
  /** Adds a constant, float32. @returns its name */
  floats(name: string, shape: readonly number[], values: Float32Array): string;
  /** Adds a constant, int64; equal ones are one. @param values a list, or one number that is no list @returns its name */
  ints(values: readonly number[] | number): string;
  /** Adds a node with one output. @returns the output's name, which is a new one unless it is given */
  node(type: string, inputs: readonly string[], attributes?: Attributes, output?: string): string;
  /** Adds a node with several outputs. An empty name leaves one out. */
  nodes(node: OnnxNode): void;
  /** Gives a name that no tensor has yet. */
  name(base: string): string;
  /** Builds a graph within this one. It reads this one's tensors by their names, and its constants are this one's. */
  body(build: (body: GraphBuilder) => GraphEnds): Attribute;
  /** Gives the whole graph. */
  finish(ends: GraphEnds): OnnxGraph;
}

/** Begins a graph. */
export function createGraphBuilder(): GraphBuilder {
  return buildGraph({ tensors: new Map(), counts: new Map() });
}

/** What a graph and those within it have in common. */
interface Shared {
  /** Constants by their names. */
  readonly tensors: Map<string, readonly Field[]>;
  /** How many names a base has given. */
  readonly counts: Map<string, number>;
}

function buildGraph(shared: Shared): GraphBuilder {
  const { tensors, counts } = shared;
  const added: OnnxNode[] = [];

  function name(base: string): string {
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    return `${base}_${count}`;
  }

  function constant(
    name: string,
    shape: readonly number[],
    values: Float32Array | readonly number[],
  ): string {
    if (!tensors.has(name)) tensors.set(name, writeTensor(name, shape, values));
    return name;
  }

  return {
    name,
    floats: constant,
    ints: (values) =>
      typeof values === "number"
        ? constant(`int_${values}`, [], [values])
        : constant(`ints_${values.join("_")}`, [values.length], values),
    node(type, inputs, attributes = {}, output = name(type.toLowerCase())): string {
      added.push({ type, inputs, outputs: [output], attributes });
      return output;
    },
    nodes: (node) => void added.push(node),
    body(build): Attribute {
      const inner = buildGraph(shared);
      return { graph: writeGraph({ ...inner.finish(build(inner)), tensors: [] }) };
    },
    finish: (ends) => ({ ...ends, nodes: added, tensors: [...tensors.values()] }),
  };
}
