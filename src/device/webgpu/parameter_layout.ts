/** Where the parameters of a network lie on the GPU: 16 bytes for a thread, those of neighbours side by side. @module */
import type { RepeatLayer, RepeatNetwork } from "../../network/network.ts";
import type { GateCount } from "./cells/cell.ts";
import { CELL_KERNELS } from "./cells/cells.ts";

/**
 * A matrix of `depth` rows and `units` times `gates` columns.
 *
 * It lies in vectors of 4 values, called quads: 1, 2 or 4 gates of a unit times 4, 2 or 1 rows. The quad of rows 4 / gates · i and
 * on, and of unit u, is number i · units + u. A second copy, for the way back, lies the other way: the quad of units
 * 4 / gates · i and on, and of row k, is number i · depth + k. Depth and units are multiples of 4; what the network lacks is zero,
 * and stays so: its gradient is exactly zero.
 */
export interface MatrixPlace {
  /** Its first quad among the parameters. */
  readonly at: number;
  /** The first quad of its second copy. */
  readonly transposedAt: number;
  readonly depth: number;
  readonly units: number;
  readonly gates: GateCount;
  /** In a loop over layers: number of quads from this matrix to that of the next layer. */
  readonly perLayer?: number;
}

/** Rows that lie one after another, each with the gates of every unit: group by group, then unit by unit. */
export interface RowsPlace {
  /** The first quad among the parameters. */
  readonly at: number;
  /** Number of rows. */
  readonly count: number;
  /** Number of quads of a row. */
  readonly quads: number;
  /** In a loop over layers: number of quads from these rows to those of the next layer. */
  readonly perLayer?: number;
}

/** The parameters of a layer. */
export interface LayerPlace {
  /** Matrices that the layer's input is multiplied by, one a group; none if it is looked up. */
  readonly inputs: readonly MatrixPlace[];
  /** Matrices that the hidden state is multiplied by, one a group; none of a dense layer. */
  readonly recurrent: readonly MatrixPlace[];
  /** Rows that characters are looked up in. */
  readonly lookup: RowsPlace | undefined;
  /** The bias: one row. */
  readonly bias: RowsPlace;
}

/** The places of all parameters of a network. */
export interface ParameterLayout {
  readonly layers: readonly LayerPlace[];
  /** Number of quads of all parameters. */
  readonly quads: number;
  /** The first quad of the biases, which are last. */
  readonly biasesAt: number;
  /** Number of quads of the second copies. */
  readonly transposedQuads: number;
}

/** Rounds up to a multiple of 4. */
export function padToQuads(count: number): number {
  return 4 * Math.ceil(count / 4);
}

/** A group of gates of a layer, and its first column in a row. */
export interface GateGroup {
  /** Its gates, by their place in Keras' order. */
  readonly gates: readonly number[];
  /** Their number. */
  readonly count: GateCount;
  /** The first column of the group in a row. */
  readonly column: number;
}

/** Gives a layer's groups of gates. A dense layer has one gate. */
export function gateGroups(layer: RepeatLayer): readonly GateGroup[] {
  const groups = layer.type === "dense" ? [[0]] : CELL_KERNELS[layer.cell].groups;
  let column = 0;
  return groups.map((gates) => {
    const group: GateGroup = { gates, count: gates.length as GateCount, column };
    column += gates.length * paddedUnits(layer);
    return group;
  });
}

/** Number of a layer's units, padded: H, or V of a dense layer. */
export function paddedUnits(layer: RepeatLayer): number {
  return padToQuads(layer.type === "dense" ? layer.outputSize : layer.hiddenSize);
}

/** Number of columns of a row of a layer: the gates of its padded units. */
export function rowColumns(layer: RepeatLayer): number {
  return paddedUnits(layer) * (layer.type === "dense" ? 1 : layer.gates);
}

/** Lays out a network's parameters: matrices, then rows that are looked up, then biases. */
export function layOutParameters({ layers }: RepeatNetwork): ParameterLayout {
  let quads = 0;
  let transposedQuads = 0;
  const matrices = (layer: RepeatLayer, rows: number): MatrixPlace[] =>
    gateGroups(layer).map(({ count: gates }) => {
      const place = {
        ...{ at: quads, transposedAt: transposedQuads },
        ...{ depth: padToQuads(rows), units: paddedUnits(layer), gates },
      };
      quads += place.depth * place.units * gates / 4;
      transposedQuads += place.depth * place.units * gates / 4;
      return place;
    });
  const rows = (layer: RepeatLayer, count: number): RowsPlace => {
    const place = { at: quads, count, quads: rowColumns(layer) / 4 };
    quads += count * place.quads;
    return place;
  };
  const products = layers.map((layer) => ({
    inputs: isLookup(layer) ? [] : matrices(layer, layer.inputSize),
    recurrent: layer.type === "dense" ? [] : matrices(layer, layer.hiddenSize),
  }));
  const lookups = layers.map((layer) => isLookup(layer) ? rows(layer, layer.inputSize) : undefined);
  const biasesAt = quads;
  const places = layers.map((layer, i): LayerPlace => ({
    ...products[i]!,
    lookup: lookups[i],
    bias: rows(layer, 1),
  }));
  return { layers: places, quads, biasesAt, transposedQuads };
}

/** Writes a place: in a loop over layers, that of the layer `deeper` layers after the first. */
export function placeInLoop(first: number, perLayer: number | undefined): string {
  return perLayer === undefined ? `${first}u` : `(${first}u + deeper * ${perLayer}u)`;
}

/** Lists all matrices of a layout. */
export function listMatrices({ layers }: ParameterLayout): MatrixPlace[] {
  return layers.flatMap(({ inputs, recurrent }) => [...inputs, ...recurrent]);
}

function isLookup(layer: RepeatLayer): boolean {
  return layer.type === "recurrent" && layer.input === "indices";
}
