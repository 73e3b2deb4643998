/** Reads the layers of a model of Keras 2 or TensorFlow.js: ours, in our order, whatever their names are. @module */
import { describeFound } from "../../arguments/rule.ts";
import { type Cell, CELLS } from "../../network/config.ts";
import { cellType } from "../../network/layers.ts";
import { checkPart } from "../check_part.ts";
import type { ForeignModel } from "../foreign_model.ts";
import {
  ACTIVATION,
  DENSE,
  type DenseConfig,
  INPUT,
  type LayerConfig,
  RECURRENT_RULES,
  type RecurrentConfig,
  REPEAT_VECTOR,
  SOFTMAX,
  TIME_DISTRIBUTED,
} from "./layer_rules.ts";
import { type ListedLayer, listLayers } from "./list_layers.ts";
import { type LayerCursor, nextClass, takeLayer, wrongLayer } from "./take_layer.ts";

/** The shape of a foreign model. */
export type ForeignShape = Pick<
  ForeignModel,
  | "cell"
  | "hiddenSize"
  | "layers"
  | "sourceSymbols"
  | "targetSymbols"
  | "inputLength"
  | "outputLength"
>;

/** A model's shape, and the names of its layers. */
export interface ReadLayers extends ForeignShape {
  /** The names of the layers with weights, in order: the encoder, the decoder's layers, the dense layer. */
  readonly names: readonly string[];
}

/** What is known of a model's recurrent layers before they are read. */
interface Size {
  readonly cell: Cell;
  readonly hiddenSize: number;
}

/**
 * Reads the layers of a model.
 *
 * @param model its class and its configuration
 * @throws {SyntaxError} if it is not as Keras 2 or TensorFlow.js write it
 * @throws {RangeError} if a layer or an option is one that our models do not have, which the error names
 */
export function readLayers(model: ListedLayer): ReadLayers {
  const cursor: LayerCursor = { layers: listLayers(model), at: 0, shape: [] };
  const { cell, encoder, input: [inputLength, sourceSymbols] } = readEncoder(cursor);
  const hiddenSize = encoder.units;
  cursor.shape = [hiddenSize];
  const { n } = takeLayer(cursor, new Map([["RepeatVector", REPEAT_VECTOR]]));
  cursor.shape = [n, hiddenSize];
  const decoders = readDecoders(cursor, { cell, hiddenSize });
  const dense = readDense(cursor);
  cursor.shape = [n, dense.units];
  if (dense.activation === "linear") {
    takeLayer(cursor, new Map([["Activation", ACTIVATION], ["Softmax", SOFTMAX]]));
  }
  if (nextClass(cursor) !== undefined) throw wrongLayer(cursor, ["absent, after softmax"]);
  return {
    ...{ cell, hiddenSize, layers: decoders.length, outputLength: n },
    ...{ inputLength, sourceSymbols, targetSymbols: dense.units },
    names: checkDistinct([encoder.name, ...decoders, dense.name]),
  };
}

/** Reads the encoder, and the layer of the input before it, if there is one. */
function readEncoder(cursor: LayerCursor): {
  readonly cell: Cell;
  readonly encoder: RecurrentConfig;
  readonly input: readonly [number | undefined, number];
} {
  const input = nextClass(cursor) === "InputLayer"
    ? takeLayer(cursor, new Map([["InputLayer", INPUT]]))
    : undefined;
  cursor.shape = input?.batch_input_shape?.slice(1) ?? [];
  const cell = CELLS.find((each) => cellType(each) === nextClass(cursor));
  if (cell === undefined) throw wrongLayer(cursor, CELLS.map(cellType));
  const encoder = takeRecurrent(cursor, cell, false);
  return { cell, encoder, input: readInputShape(input ?? encoder) };
}

/** Reads the number of time steps, if it is known, and of symbols. */
function readInputShape(
  { name, batch_input_shape: shape = [] }: LayerConfig,
): readonly [number | undefined, number] {
  const [, timeSteps, symbols] = shape;
  if (timeSteps !== undefined && symbols !== undefined && symbols !== null) {
    return [timeSteps ?? undefined, symbols];
  }
  throw new RangeError(
    `Cannot import the model: batch_input_shape of the layer ${
      describeFound(name)
    } must be the batch, the time steps and the number of symbols, but is ${
      shape.length === 0 ? "missing" : `(${shape.map((size) => size ?? "any").join(", ")})`
    }`,
  );
}

/** Reads the decoder's layers. @returns their names */
function readDecoders(cursor: LayerCursor, { cell, hiddenSize }: Size): string[] {
  const names: string[] = [];
  do {
    const { name, units } = takeRecurrent(cursor, cell, true);
    if (units !== hiddenSize) {
      throw new RangeError(
        `Cannot import the model: units of the layer ${
          describeFound(name)
        } must be those of the encoder, ${hiddenSize}, but are ${units}`,
      );
    }
    names.push(name);
  } while (nextClass(cursor) === cellType(cell));
  return names;
}

/** Takes a recurrent layer that gives its last state, or every one. */
function takeRecurrent(cursor: LayerCursor, cell: Cell, every: boolean): RecurrentConfig {
  const type = cellType(cell);
  const config = takeLayer(cursor, new Map([[type, RECURRENT_RULES[cell]]]));
  if (config.return_sequences === every) return config;
  throw new RangeError(
    `Cannot import the model: return_sequences of the layer ${
      describeFound(config.name)
    } must be ${every}, but is ${!every}`,
  );
}

/** Reads the dense layer, which may be within another one. @returns its configuration, with the name of the outer one */
function readDense(cursor: LayerCursor): DenseConfig {
  if (nextClass(cursor) === "Dense") return takeLayer(cursor, new Map([["Dense", DENSE]]));
  if (nextClass(cursor) !== "TimeDistributed") {
    throw wrongLayer(cursor, ["TimeDistributed", "Dense"]);
  }
  const { name, layer } = takeLayer(cursor, new Map([["TimeDistributed", TIME_DISTRIBUTED]]));
  const inner = checkPart(`the layer within ${describeFound(name)}`, layer.config, DENSE);
  return { ...inner, name };
}

/** Refuses layers of the same name, whose weights could not be told apart. */
function checkDistinct(names: readonly string[]): readonly string[] {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return names;
  throw new SyntaxError(
    `Cannot import the model: every layer must have a name of its own, but ${
      describeFound(twice)
    } is that of two`,
  );
}
