/** The layers of a model, as Keras lists them. Names, shapes and order are defined here alone. @module */
import {
  type Cell,
  checkModelConfig,
  countSourceSymbols,
  countTargetSymbols,
  type ModelConfig,
} from "./config.ts";

/** A layer of a model: its name, type, shapes and parameters. */
export interface Layer {
  /** Name as in Keras, unique in the model: `lstm_1`. */
  readonly name: string;
  /** Type as in Keras: `LSTM`. */
  readonly type: string;
  /** Shape of the input, without the batch. */
  readonly inputShape: readonly number[];
  /** Shape of the output, without the batch. */
  readonly outputShape: readonly number[];
  /** Parameters, in Keras' order. */
  readonly parameters: readonly ParameterShape[];
}

/** A parameter's name and shape. */
export interface ParameterShape {
  /** `layer/kernel`, `layer/recurrent_kernel` or `layer/bias`. */
  readonly name: string;
  /** Dimensions. */
  readonly shape: readonly number[];
  /** How its first values are drawn. */
  readonly initializer: Initializer;
}

/**
 * How the first values of a parameter are drawn, as Keras' layers do by default.
 *
 * - `glorotUniform`: uniform in ±√(6 / (fan_in + fan_out)); Glorot & Bengio 2010
 * - `orthogonal`: a random matrix with orthonormal rows or columns; Saxe et al. 2014
 * - `zeros`: 0
 * - `unitForgetBias`: 1 for the forget gate, the second of four, else 0; Jozefowicz et al. 2015
 *
 * Source: keras/src/initializers/random_initializers.py.
 */
export type Initializer = "glorotUniform" | "orthogonal" | "zeros" | "unitForgetBias";

/** Type and name of a cell's layer in Keras, and its number of gates. */
const CELL_LAYERS: Record<Cell, { type: string; name: string; gates: number }> = {
  lstm: { type: "LSTM", name: "lstm", gates: 4 },
  gru: { type: "GRU", name: "gru", gates: 3 },
  simple: { type: "SimpleRNN", name: "simple_rnn", gates: 1 },
};

/** Gives the number of a cell's gates, G. */
export function cellGates(cell: Cell): number {
  return CELL_LAYERS[cell].gates;
}

/**
 * Lists the layers of a model: encoder, repeat, decoder layers, dense at every time step, softmax.
 *
 * @throws {TypeError | RangeError | SyntaxError} if the config is not valid
 * @example
 * ```ts
 * import { characterLayout } from "@carry/seq2seq";
 * import { describeLayers } from "@carry/seq2seq/parts";
 * import { assertEquals } from "@std/assert";
 *
 * const layers = describeLayers({
 *   cell: "lstm", hiddenSize: 128, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 7, outputLength: 4, reverse: true }),
 * });
 * assertEquals(layers.map((layer) => layer.name), [
 *   "lstm", "repeat_vector", "lstm_1", "time_distributed", "activation",
 * ]);
 * ```
 */
export function describeLayers(given: ModelConfig): readonly Layer[] {
  const config = checkModelConfig(given);
  const { source: { length: inputLength }, target: { length: outputLength }, hiddenSize: H } =
    config;
  const V = countTargetSymbols(config);
  const encoder = recurrentLayer(config, 0, [inputLength, countSourceSymbols(config)], [H]);
  const decoders = Array.from(
    { length: config.layers },
    (_, i) => recurrentLayer(config, i + 1, [outputLength, H], [outputLength, H]),
  );
  return [
    encoder,
    layer("repeat_vector", "RepeatVector", [H], [outputLength, H]),
    ...decoders,
    {
      ...layer("time_distributed", "TimeDistributed(Dense)", [outputLength, H], [outputLength, V]),
      parameters: [
        { name: "time_distributed/kernel", shape: [H, V], initializer: "glorotUniform" },
        { name: "time_distributed/bias", shape: [V], initializer: "zeros" },
      ],
    },
    layer("activation", "Activation(softmax)", [outputLength, V], [outputLength, V]),
  ];
}

/** Counts the numbers in a layer's parameters. */
export function countParameters(layer: Pick<Layer, "parameters">): number {
  return layer.parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

function layer(name: string, type: string, inputShape: number[], outputShape: number[]): Layer {
  return { name, type, inputShape, outputShape, parameters: [] };
}

function recurrentLayer(
  config: ModelConfig,
  index: number,
  inputShape: [number, number],
  outputShape: number[],
): Layer {
  const { type, name: base, gates } = CELL_LAYERS[config.cell];
  const name = index === 0 ? base : `${base}_${index}`;
  const width = gates * config.hiddenSize;
  return {
    ...layer(name, type, inputShape, outputShape),
    parameters: [
      { name: `${name}/kernel`, shape: [inputShape[1], width], initializer: "glorotUniform" },
      {
        name: `${name}/recurrent_kernel`,
        shape: [config.hiddenSize, width],
        initializer: "orthogonal",
      },
      {
        name: `${name}/bias`,
        shape: [width],
        initializer: config.cell === "lstm" ? "unitForgetBias" : "zeros",
      },
    ],
  };
}
