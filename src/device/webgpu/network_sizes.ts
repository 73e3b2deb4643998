/** The sizes of a network that all its shaders share. @module */
import type { Network } from "../../network/network.ts";
import type { CellKernel } from "./cells/cell.ts";
import { CELL_KERNELS } from "./cells/cells.ts";
import { padToQuads } from "./parameter_layout.ts";

/** The sizes of a network. */
export interface NetworkSizes {
  /** The cell of all recurrent layers. */
  readonly cell: CellKernel;
  /** Number of units of every recurrent layer (with attention, of every decoder layer), H, padded to a multiple of 4. */
  readonly units: number;
  /** Number of characters of a source, T_in. */
  readonly inputLength: number;
  /** Number of characters of a target, T_out. */
  readonly outputLength: number;
  /** Number of symbols of targets, V. The rows of a lookup are its layer's input size. */
  readonly characters: number;
  /** V, padded to a multiple of 4. */
  readonly paddedCharacters: number;
}

/** Gives the sizes of a network. @throws {TypeError} if its recurrent layers differ in cell or size */
export function sizeNetwork(network: Network): NetworkSizes {
  const recurrent = network.decoder === "attention"
    ? network.decoderLayers
    : network.layers.filter((layer) => layer.type === "recurrent");
  const [first] = recurrent;
  if (
    first === undefined ||
    recurrent.some(({ cell, hiddenSize }) => cell !== first.cell || hiddenSize !== first.hiddenSize)
  ) {
    throw new TypeError(
      "Cannot compute the network: its recurrent layers must have one cell and one hidden size",
    );
  }
  return {
    cell: CELL_KERNELS[first.cell],
    units: padToQuads(first.hiddenSize),
    inputLength: network.inputLength,
    outputLength: network.outputLength,
    characters: network.targetVocabularySize,
    paddedCharacters: padToQuads(network.targetVocabularySize),
  };
}
