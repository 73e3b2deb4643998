/** Copies parameters between Keras' layout, row-major, and that of the GPU. @module */
import type { Network, NetworkLayer } from "../../network/network.ts";
import {
  countGates,
  countUnits,
  gateGroups,
  listMatrices,
  type MatrixPlace,
  type ParameterLayout,
  type RowsPlace,
} from "./parameter_layout.ts";

/** Arranges values of all parameters, row-major in the network's order, as they lie on the GPU. */
export function packParameters(
  network: Network,
  layout: ParameterLayout,
  values: readonly Float32Array[],
): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(4 * layout.quads);
  for (const [i, places] of placeParameters(network, layout).entries()) {
    const from = values[i]!;
    eachPlace(places, (index, place) => packed[place] = from[index]!);
  }
  return packed;
}

/** Gives the values of all parameters, row-major in the network's order. It reverses {@linkcode packParameters}. */
export function unpackParameters(
  network: Network,
  layout: ParameterLayout,
  packed: Float32Array,
): Float32Array<ArrayBuffer>[] {
  return placeParameters(network, layout).map((places) => {
    const values = new Float32Array(places.rows * places.columns.length);
    eachPlace(places, (index, place) => values[index] = packed[place]!);
    return values;
  });
}

/** Makes the second copies of packed parameters, in which the matrices lie the other way. */
export function packTransposed(
  layout: ParameterLayout,
  packed: Float32Array,
): Float32Array<ArrayBuffer> {
  const transposed = new Float32Array(4 * layout.transposedQuads);
  for (const { at, transposedAt, depth, units, gates } of listMatrices(layout)) {
    const per = 4 / gates;
    for (let k = 0; k < depth; k++) {
      for (let u = 0; u < units; u++) {
        const from = 4 * (at + Math.floor(k / per) * units + u) + (k % per) * gates;
        const to = 4 * (transposedAt + Math.floor(u / per) * depth + k) + (u % per) * gates;
        for (let gate = 0; gate < gates; gate++) transposed[to + gate] = packed[from + gate]!;
      }
    }
  }
  return transposed;
}

/** The places of a parameter's values: that of row k and column n is `columns[n]` plus that of the row. */
interface ParameterPlaces {
  readonly rows: number;
  /** Gives the place of a row, for the columns of a group. */
  rowPlace(row: number, group: number): number;
  /** For each column, its place in a row, and its group. */
  readonly columns: readonly { readonly place: number; readonly group: number }[];
}

function eachPlace(
  { rows, rowPlace, columns }: ParameterPlaces,
  visit: (index: number, place: number) => void,
): void {
  let index = 0;
  for (let row = 0; row < rows; row++) {
    for (const { place, group } of columns) visit(index++, rowPlace(row, group) + place);
  }
}

/** Finds the places of all parameters, in the network's order. */
function placeParameters({ layers }: Network, layout: ParameterLayout): ParameterPlaces[] {
  return layers.flatMap((layer, i) => {
    const { inputs, recurrent, lookup, bias } = layout.layers[i]!;
    switch (layer.type) {
      case "embedding":
        return [placeRows(layer, lookup!)];
      case "attention": {
        const [score, ...kernel] = inputs;
        const { hiddenSize: H } = layer;
        return [
          placeMatrices(layer, H, [score!]),
          stackRows(kernel.map((part) => placeMatrices(layer, H, [part]))),
          placeRows(layer, bias),
        ];
      }
      case "dense":
        return [placeMatrices(layer, layer.inputSize, inputs), placeRows(layer, bias)];
      case "recurrent":
        return [
          lookup === undefined
            ? placeMatrices(layer, layer.inputSize, inputs)
            : placeRows(layer, lookup),
          placeMatrices(layer, layer.hiddenSize, recurrent),
          placeRows(layer, bias),
        ];
    }
  });
}

/** Places a kernel whose columns are spread over matrices, one a group. */
function placeMatrices(
  layer: NetworkLayer,
  rows: number,
  matrices: readonly MatrixPlace[],
): ParameterPlaces {
  return {
    rows,
    columns: placeColumns(layer, (unit, group, gate) => 4 * (matrices[group]!.at + unit) + gate),
    rowPlace(row, group): number {
      const { units, gates } = matrices[group]!;
      const per = 4 / gates;
      return 4 * Math.floor(row / per) * units + (row % per) * gates;
    },
  };
}

/** Places a parameter whose rows are spread over parts of the same size. */
function stackRows(parts: readonly ParameterPlaces[]): ParameterPlaces {
  const [first] = parts;
  const { rows, columns } = first!;
  const place = (part: ParameterPlaces): number => part.columns[0]!.place;
  return {
    ...{ rows: rows * parts.length, columns },
    rowPlace(row, group): number {
      const part = parts[Math.floor(row / rows)]!;
      return place(part) - place(first!) + part.rowPlace(row % rows, group);
    },
  };
}

function placeRows(layer: NetworkLayer, { at, count, quads }: RowsPlace): ParameterPlaces {
  const groups = gateGroups(layer);
  return {
    rows: count,
    columns: placeColumns(layer, (unit, group, gate) => {
      const { column, count: gates } = groups[group]!;
      return column + unit * gates + gate;
    }),
    rowPlace: (row) => 4 * (at + row * quads),
  };
}

/** Gives the places of a layer's columns in Keras' order: gate by gate, and within a gate unit by unit. */
function placeColumns(
  layer: NetworkLayer,
  place: (unit: number, group: number, gate: number) => number,
): ParameterPlaces["columns"] {
  const [units, gates] = [countUnits(layer), countGates(layer)];
  const groups = gateGroups(layer);
  return Array.from({ length: gates * units }, (_, column) => {
    const [gate, unit] = [Math.floor(column / units), column % units];
    const group = groups.findIndex((each) => each.gates.includes(gate));
    return { place: place(unit, group, groups[group]!.gates.indexOf(gate)), group };
  });
}
