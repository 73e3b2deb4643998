/** A recurrent layer as a node of ONNX. @module */
import type { Cell } from "../../network/config.ts";
import type { RecurrentLayer } from "../../network/network.ts";
import type { NamedTensor } from "../../network/parameters.ts";
import type { GraphBuilder } from "./graph_builder.ts";

/** Operation of a cell, and its gates as ONNX orders them: each is the number of one of ours. */
const OPERATIONS: Readonly<Record<Cell, { type: string; gates: readonly number[] }>> = {
  lstm: { type: "LSTM", gates: [0, 3, 1, 2] }, // ours are i, f, g, o, and those of ONNX i, o, f, c, whose c is our g
  gru: { type: "GRU", gates: [0, 1, 2] }, // z, r, h in both; linear_before_reset is 0
  simple: { type: "RNN", gates: [0] },
};

/** What a recurrent layer reads. All are names of tensors; (D, …) has one row for each direction. */
export interface RecurrentInput {
  /** Inputs, float32 (T, B, I). */
  readonly sequence: string;
  /** Number of positions of each row that are not masked, int32 (B); they come first. Default: all. */
  readonly lengths?: string | undefined;
  /** State before the first position: h and, of an LSTM, c, each float32 (D, B, H / D). Default: zeros. */
  readonly begin?: readonly string[];
}

/** What a recurrent layer gives. */
export interface RecurrentOutput {
  /** Its hidden states at every position, float32 (T, D, B, H / D). */
  readonly every: string;
  /** The state after the last position: h and, of an LSTM, c, each float32 (D, B, H / D). */
  readonly last: readonly string[];
}

/**
 * Adds a layer in its one direction, or in both.
 *
 * @param directions the layer as each of its directions
 * @param parameters in the network's order
 */
export function addRecurrent(
  graph: GraphBuilder,
  directions: readonly RecurrentLayer[],
  parameters: readonly NamedTensor[],
  { sequence, lengths = "", begin = [] }: RecurrentInput,
): RecurrentOutput {
  const { cell, hiddenSize } = directions[0]!;
  const { type } = OPERATIONS[cell];
  const every = graph.name("states");
  const last = (cell === "lstm" ? ["h", "c"] : ["h"]).map(graph.name);
  graph.nodes({
    type,
    inputs: [sequence, ...addWeights(graph, directions, parameters), lengths, ...begin],
    outputs: [every, ...last],
    attributes: {
      hidden_size: hiddenSize,
      direction: directions.length === 2 ? "bidirectional" : "forward",
    },
  });
  return { every, last };
}

/** Adds W (D, G·H, I), R (D, G·H, H) and B (D, 2·G·H), whose second half is zeros, of all directions. */
function addWeights(
  graph: GraphBuilder,
  directions: readonly RecurrentLayer[],
  parameters: readonly NamedTensor[],
): string[] {
  const { cell, gates: G, hiddenSize: H, inputSize: I } = directions[0]!;
  const layers = directions.map(({ firstParameter }) => {
    const [kernel, recurrent, bias] = parameters.slice(firstParameter, firstParameter + 3);
    return { kernel: kernel!, recurrent: recurrent!, bias: bias! };
  });
  const { gates } = OPERATIONS[cell];
  const name = layers[0]!.kernel.name.replace(/\/kernel$/, "");
  const [D, width] = [directions.length, G * H];
  const matrices = layers.map(({ kernel }) => turnGates(kernel.values, I, { gates, H }));
  const recurrent = layers.map(({ recurrent }) => turnGates(recurrent.values, H, { gates, H }));
  const biases = layers.flatMap(({ bias }) => [
    turnGates(bias.values, 1, { gates, H }),
    new Float32Array(width),
  ]);
  return [
    graph.floats(`${name}/W`, [D, width, I], concatenate(matrices)),
    graph.floats(`${name}/R`, [D, width, H], concatenate(recurrent)),
    graph.floats(`${name}/B`, [D, 2 * width], concatenate(biases)),
  ];
}

/** Transposes a kernel (I, G·H), and puts its gates in the order of ONNX: (G·H, I). */
function turnGates(
  kernel: Float32Array,
  I: number,
  { gates, H }: { readonly gates: readonly number[]; readonly H: number },
): Float32Array {
  const turned = new Float32Array(kernel.length);
  const width = gates.length * H;
  let at = 0;
  for (const gate of gates) {
    for (let column = gate * H; column < (gate + 1) * H; column++) {
      for (let i = 0; i < I; i++) turned[at++] = kernel[i * width + column]!;
    }
  }
  return turned;
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
