/** Where the parameters of a network lie on the GPU: 16 bytes for a thread, those of neighbours side by side. @module */
import type { Network, NetworkLayer } from "../../network/network.ts";
import type { GateCount } from "./cells/cell.ts";
import { CELL_KERNELS } from "./cells/cells.ts";

/** In a text that stands for several layers, how far the values of one lie from those of another. */
export interface LoopStrides {
  /** Number of elements from a layer to the next, if the text is of several. */
  readonly perLayer?: number;
  /** The number of the layer in the text, counted from the first. Default: its variable `deeper`. */
  readonly layer?: string;
  /** Number of elements from a direction to the other, whose number is the variable `half`, if the text is of both. */
  readonly perDirection?: number;
}

/**
 * A matrix of `depth` rows and `units` times `gates` columns.
 *
 * It lies in vectors of 4 values, called quads: 1, 2 or 4 gates of a unit times 4, 2 or 1 rows. The quad of rows 4 / gates · i and
 * on, and of unit u, is number i · units + u. A second copy, for the way back, lies the other way: the quad of units
 * 4 / gates · i and on, and of row k, is number i · depth + k. Depth and units are multiples of 4; what the network lacks is zero,
 * and stays so: its gradient is exactly zero.
 */
export interface MatrixPlace extends LoopStrides {
  /** Its first quad among the parameters. */
  readonly at: number;
  /** The first quad of its second copy. */
  readonly transposedAt: number;
  readonly depth: number;
  readonly units: number;
  readonly gates: GateCount;
}

/** Rows that lie one after another, each with the gates of every unit: group by group, then unit by unit. */
export interface RowsPlace extends LoopStrides {
  /** The first quad among the parameters. */
  readonly at: number;
  /** Number of rows. */
  readonly count: number;
  /** Number of quads of a row. */
  readonly quads: number;
}

/** The parameters of a layer. */
export interface LayerPlace {
  /**
   * Matrices that the layer's input is multiplied by, one a group; none if it is looked up. Those of attention are the score kernel,
   * and the kernel's rows for the context and for the state.
   */
  readonly inputs: readonly MatrixPlace[];
  /** Matrices that the hidden state is multiplied by, one a group; only of a recurrent layer. */
  readonly recurrent: readonly MatrixPlace[];
  /** Rows that characters are looked up in. */
  readonly lookup: RowsPlace | undefined;
  /** The bias: one row; none of an embedding. */
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

/** Gives a layer's groups of gates. A layer that is not recurrent has one gate. */
export function gateGroups(layer: NetworkLayer): readonly GateGroup[] {
  const groups = layer.type === "recurrent" ? CELL_KERNELS[layer.cell].groups : [[0]];
  return groupGates(groups, paddedUnits(layer));
}

/** Gives the groups of gates of some units, whose number is padded. @param groups for each, its gates by their place in Keras' order */
export function groupGates(
  groups: readonly (readonly number[])[],
  units: number,
): readonly GateGroup[] {
  let column = 0;
  return groups.map((gates) => {
    const group: GateGroup = { gates, count: gates.length as GateCount, column };
    column += gates.length * units;
    return group;
  });
}

/** Number of a layer's units, padded: H, or the size of its output. */
export function paddedUnits(layer: NetworkLayer): number {
  return padToQuads(countUnits(layer));
}

/** Number of columns of a row of a layer: the gates of its padded units. */
export function rowColumns(layer: NetworkLayer): number {
  return paddedUnits(layer) * countGates(layer);
}

/** Number of a layer's units. */
export function countUnits(layer: NetworkLayer): number {
  return layer.type === "dense" || layer.type === "embedding" ? layer.outputSize : layer.hiddenSize;
}

/** Number of a layer's gates: 1 if it is not recurrent. */
export function countGates(layer: NetworkLayer): number {
  return layer.type === "recurrent" ? layer.gates : 1;
}

/** Lays out a network's parameters: matrices, then rows that are looked up, then biases. */
export function layOutParameters({ layers }: Network): ParameterLayout {
  let quads = 0;
  let transposedQuads = 0;
  const matrices = (layer: NetworkLayer, rows: number): MatrixPlace[] =>
    gateGroups(layer).map(({ count: gates }) => {
      const place = {
        ...{ at: quads, transposedAt: transposedQuads },
        ...{ depth: padToQuads(rows), units: paddedUnits(layer), gates },
      };
      quads += place.depth * place.units * gates / 4;
      transposedQuads += place.depth * place.units * gates / 4;
      return place;
    });
  const rows = (layer: NetworkLayer, count: number): RowsPlace => {
    const place = { at: quads, count, quads: rowColumns(layer) / 4 };
    quads += count * place.quads;
    return place;
  };
  const products = layers.map((layer) => ({
    inputs: inputDepths(layer).flatMap((depth) => matrices(layer, depth)),
    recurrent: layer.type === "recurrent" ? matrices(layer, layer.hiddenSize) : [],
  }));
  const lookups = layers.map((layer) => {
    const count = countLookups(layer);
    return count === 0 ? undefined : rows(layer, count);
  });
  const biasesAt = quads;
  const places = layers.map((layer, i): LayerPlace => ({
    ...products[i]!,
    lookup: lookups[i],
    bias: rows(layer, layer.type === "embedding" ? 0 : 1),
  }));
  return { layers: places, quads, biasesAt, transposedQuads };
}

/** Writes a place: in a text that stands for several layers, that of one of them. */
export function placeInLoop(
  first: number,
  { perLayer, layer = "deeper", perDirection }: LoopStrides,
): string {
  const terms = [
    `${first}u`,
    ...(perLayer === undefined ? [] : [`${layer} * ${perLayer}u`]),
    ...(perDirection === undefined ? [] : [`half * ${perDirection}u`]),
  ];
  return terms.length === 1 ? terms[0]! : `(${terms.join(" + ")})`;
}

/** Lists all matrices of a layout. */
export function listMatrices({ layers }: ParameterLayout): MatrixPlace[] {
  return layers.flatMap(({ inputs, recurrent }) => [...inputs, ...recurrent]);
}

/** Counts the rows that a layer looks up. */
function countLookups(layer: NetworkLayer): number {
  if (layer.type === "embedding") return layer.vocabularySize;
  return layer.type === "recurrent" && layer.input === "indices" ? layer.inputSize : 0;
}

/** Gives the depths of the matrices that a layer's input is multiplied by. */
function inputDepths(layer: NetworkLayer): number[] {
  if (layer.type === "attention") return [layer.hiddenSize, layer.hiddenSize, layer.hiddenSize];
  if (layer.type === "embedding" || countLookups(layer) > 0) return [];
  return [layer.inputSize];
}
