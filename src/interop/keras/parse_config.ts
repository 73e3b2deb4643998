/** The configuration of a Keras model: which layers it has, and that they are those of a model here. @module */
import { describeFound } from "../../arguments/rule.ts";
import { MAX_LENGTH } from "../../codec/layout.ts";
import type { Cell } from "../../network/config.ts";
import { listLayers } from "./layer_chain.ts";
import { needInteger, needList, refuse } from "./keras_fault.ts";
import { activationName, checkOptions, LAYER_RULES, recurrentRules } from "./layer_options.ts";
import { CELL_TYPES, type ListedLayer, listLayer, titleOf } from "./listed_layer.ts";

/** What a configuration says of its model. */
export interface KerasConfig {
  readonly cell: Cell;
  readonly hiddenSize: number;
  /** Number of decoder layers. */
  readonly layers: number;
  readonly inputLength: number | undefined;
  readonly outputLength: number;
  /** Number of symbols of sources; undefined if only the kernel's shape says it. */
  readonly sourceSymbols: number | undefined;
  readonly targetSymbols: number;
  /** Type of the layer with the output's kernel. */
  readonly output: "Dense" | "TimeDistributed";
  /** The names of the layers with parameters, in order. */
  readonly names: readonly string[];
}

/** As in MODEL_SETTINGS. */
const MOST_UNITS = 8192;
/** Most symbols of a table. */
const MOST_SYMBOLS = 256;

/** Parses the configuration of a model. @throws {SyntaxError | RangeError} with what it has that a model here has not */
export function parseConfig(root: unknown): KerasConfig {
  const { listed, inputShape } = listLayers(root);
  const layers = [...listed];
  const shape = layers[0]?.type === "InputLayer" ? readInput(layers.shift()!) : undefined;
  const encoder = takeRecurrent(layers, false);
  const first = shape ??
    readShape(encoder.config.batch_input_shape ?? encoder.config.batch_shape) ??
    readShape(inputShape);
  const repeat = take(layers, "RepeatVector");
  checkOptions(titleOf(repeat), repeat.config, LAYER_RULES.RepeatVector!);
  const decoders = [takeRecurrent(layers, true)];
  while (CELL_TYPES.has(layers[0]?.type ?? "")) decoders.push(takeRecurrent(layers, true));
  const [cell, hiddenSize] = checkSame([encoder, ...decoders]);
  const output = takeOutput(layers);
  if (layers.length > 0) {
    throw refuse(`nothing must follow the softmax, but ${titleOf(layers[0]!)} does`);
  }
  return {
    ...{ cell, hiddenSize, layers: decoders.length, ...output },
    inputLength: first?.length,
    sourceSymbols: first?.symbols,
    outputLength: needInteger("the option n of RepeatVector", repeat.config.n, MAX_LENGTH),
    names: [encoder, ...decoders, { name: output.name }].map(({ name }) => name),
  };
}

function take(layers: ListedLayer[], ...types: readonly string[]): ListedLayer {
  const layer = layers.shift();
  if (layer !== undefined && types.includes(layer.type)) return layer;
  throw refuse(
    `its layers must be one recurrent layer, RepeatVector, recurrent layers, and Dense with a softmax, but ${
      layer === undefined ? "they end" : `${titleOf(layer)} is`
    } where ${types.join(" or ")} must be`,
  );
}

function takeRecurrent(layers: ListedLayer[], returnSequences: boolean): ListedLayer {
  const layer = take(layers, ...CELL_TYPES.keys());
  checkOptions(titleOf(layer), layer.config, recurrentRules(layer.type, returnSequences)!);
  return layer;
}

function checkSame(layers: readonly ListedLayer[]): [Cell, number] {
  const [first, ...others] = layers as [ListedLayer, ...ListedLayer[]];
  for (const other of others) {
    if (other.type !== first.type || other.config.units !== first.config.units) {
      throw refuse(
        `all its recurrent layers must be of one type and size, but ${titleOf(first)} has ${
          describeFound(first.config.units)
        } units and ${titleOf(other)} ${describeFound(other.config.units)}`,
      );
    }
  }
  const units = needInteger(
    `the option units of ${titleOf(first)}`,
    first.config.units,
    MOST_UNITS,
  );
  return [CELL_TYPES.get(first.type)!, units];
}

/** Takes the layers that give the probabilities. */
function takeOutput(
  layers: ListedLayer[],
): {
  readonly name: string;
  readonly output: KerasConfig["output"];
  readonly targetSymbols: number;
} {
  const layer = take(layers, "TimeDistributed", "Dense");
  let dense = layer;
  if (layer.type === "TimeDistributed") {
    checkOptions(titleOf(layer), layer.config, LAYER_RULES.TimeDistributed!);
    dense = take([listLayer(layer.config.layer, "the layer in TimeDistributed")], "Dense");
  }
  checkOptions(titleOf(dense), dense.config, LAYER_RULES.Dense!);
  if (activationName(dense.config.activation) === "linear") {
    const softmax = take(layers, "Activation", "Softmax");
    checkOptions(titleOf(softmax), softmax.config, LAYER_RULES[softmax.type]!);
  }
  return {
    name: layer.name,
    output: layer.type === "Dense" ? "Dense" : "TimeDistributed",
    targetSymbols: needInteger(
      `the option units of ${titleOf(dense)}`,
      dense.config.units,
      MOST_SYMBOLS,
    ),
  };
}

/** Length and number of symbols of sources. */
interface SourceShape {
  readonly length: number | undefined;
  readonly symbols: number | undefined;
}

function readInput(layer: ListedLayer): SourceShape | undefined {
  checkOptions(titleOf(layer), layer.config, LAYER_RULES.InputLayer!);
  return readShape(layer.config.batch_shape ?? layer.config.batch_input_shape);
}

/** Reads (batch, T, V); undefined if the file does not say it. */
function readShape(value: unknown): SourceShape | undefined {
  if (value === undefined || value === null) return undefined;
  const shape = needList("the shape of its input", value);
  if (shape.length !== 3) {
    throw refuse(`its input must have the shape (batch, T, V), but has ${shape.length} dimensions`);
  }
  const size = (value: unknown, what: string, most: number): number | undefined =>
    value === null ? undefined : needInteger(what, value, most);
  return {
    length: size(shape[1], "the length of its input", MAX_LENGTH),
    symbols: size(shape[2], "the number of symbols of its input", MOST_SYMBOLS),
  };
}
