/** The layers with parameters of a Keras model, as its HDF5 file holds them, and what their shapes say. @module */
import type { Hdf5Dataset } from "../hdf5/hdf5_tree.ts";
import type { ForeignModel } from "../foreign_model.ts";
import type { Cell } from "../../network/config.ts";
import { cellGates } from "../../network/layers.ts";
import type { NamedTensor } from "../../network/parameters.ts";
import { quoteName } from "../quote_name.ts";
import { refuse, refuseValue } from "./keras_fault.ts";
import type { KerasConfig } from "./parse_config.ts";

/** A tensor and where it is. */
export interface FoundTensor {
  readonly path: string;
  readonly tensor: Hdf5Dataset;
}

/** A layer with parameters. */
export interface WeightedLayer {
  readonly name: string;
  readonly tensors: readonly FoundTensor[];
}

/** What the shapes say of a model, and its parameters. */
export type KerasWeights = Pick<
  ForeignModel,
  "cell" | "hiddenSize" | "layers" | "sourceSymbols" | "targetSymbols" | "parameters"
>;

const CELLS: readonly Cell[] = ["lstm", "gru", "simple"];
const BASES: Readonly<Record<Cell, string>> = { lstm: "lstm", gru: "gru", simple: "simple_rnn" };
const ROLES = ["kernel", "recurrent_kernel", "bias"];

/**
 * Reads the parameters of a model: an encoder, decoder layers, and the output's layer, in this order.
 *
 * @throws {SyntaxError | RangeError} if their shapes are not those of a model here
 */
export function readModel(layers: readonly WeightedLayer[]): KerasWeights {
  if (layers.length < 3) {
    throw refuse(
      `its layers with parameters must be an encoder, decoder layers and an output, but there are ${layers.length}`,
    );
  }
  const recurrent = layers.slice(0, -1);
  const [kernel, recurrentKernel] = recurrent[0]!.tensors;
  const [sourceSymbols, width] = shapeOf(kernel, 2, recurrent[0]!.name);
  const [hiddenSize] = shapeOf(recurrentKernel, 2, recurrent[0]!.name);
  const cell = CELLS.find((cell) => cellGates(cell) * hiddenSize! === width);
  if (cell === undefined) {
    throw refuse(`its cell must have 1, 3 or 4 gates, but the kernel has the width ${width}`);
  }
  const output = layers.at(-1)!;
  const [, targetSymbols] = shapeOf(output.tensors[0], 2, output.name);
  const parameters = [
    ...recurrent.flatMap((layer, i) =>
      nameTensors(layer, i === 0 ? BASES[cell] : `${BASES[cell]}_${i}`, [
        ...[[i === 0 ? sourceSymbols! : hiddenSize!, width!], [hiddenSize!, width!], [width!]],
      ])
    ),
    ...nameTensors(output, "time_distributed", [[hiddenSize!, targetSymbols!], [targetSymbols!]]),
  ];
  return {
    ...{ cell, hiddenSize: hiddenSize!, layers: recurrent.length - 1, parameters },
    ...{ sourceSymbols: sourceSymbols!, targetSymbols: targetSymbols! },
  };
}

/** Refuses weights that are not those of a configuration. */
export function checkAgreement(weights: KerasWeights, config: KerasConfig): void {
  for (const name of ["cell", "hiddenSize", "layers", "sourceSymbols", "targetSymbols"] as const) {
    if (config[name] === undefined || config[name] === weights[name]) continue;
    throw refuse(
      `its weights must be those of its configuration, whose ${name} is ${config[name]}, but have ${
        weights[name]
      }`,
    );
  }
}

function shapeOf(found: FoundTensor | undefined, rank: number, name: string): readonly number[] {
  if (found?.tensor.shape.length === rank && !found.tensor.shape.includes(0)) {
    return found.tensor.shape;
  }
  throw refuse(
    found === undefined
      ? `the layer ${quoteName(name)} must have its kernels, but lacks one`
      : `${quoteName(found.path)} must be a matrix, but has the shape (${
        found.tensor.shape.join(", ")
      })`,
  );
}

/** Gives the tensors of a layer our names. */
function nameTensors(
  { name, tensors }: WeightedLayer,
  ours: string,
  shapes: readonly (readonly number[])[],
): NamedTensor[] {
  if (tensors.length !== shapes.length) {
    throw refuse(
      `the layer ${quoteName(name)} must have ${shapes.length} tensors, but has ${tensors.length}`,
    );
  }
  const roles = shapes.length === 2 ? ["kernel", "bias"] : ROLES;
  return shapes.map((shape, i) => ({
    ...{ name: `${ours}/${roles[i]}`, shape, values: readValues(tensors[i]!, shape) },
  }));
}

/** Gives the values of a tensor that must have a shape. @param least smallest value that it may have */
export function readValues(
  { path, tensor: { shape, values } }: FoundTensor,
  wanted: readonly number[],
  least = -Infinity,
): Float32Array {
  if (shape.join() !== wanted.join()) {
    throw refuse(
      `${quoteName(path)} must have the shape (${wanted.join(", ")}), but has (${
        shape.join(", ")
      })${
        shape.length === 2 && shape[0] === 2 && wanted.length === 1
          ? ": it is a GRU with reset_after, which no model here has"
          : ""
      }`,
    );
  }
  if (!(values instanceof Float32Array)) {
    throw refuse(`${quoteName(path)} must be of float32, but is not`);
  }
  for (let i = 0; i < values.length; i++) { // up to millions of values: a loop is faster than calls
    if (Number.isFinite(values[i]) && values[i]! >= least) continue;
    throw refuseValue(
      `every value of ${quoteName(path)} must be finite${
        least === 0 ? ", and 0 or more" : ""
      }, but one is ${values[i]}`,
    );
  }
  return values;
}
