/** What the arguments of a recurrent layer have in every network. @module */
import type { RecurrentLayer } from "../../network/network.ts";
import { splitOf, widthOf } from "./layer_sizes.ts";
import type { AddressOf } from "./layout.ts";
import { copyName, parameterName, type PartRole } from "./parts.ts";
import type { StructValues } from "./structs.ts";

/** The numbers of the cells: layer.as. */
const CELLS = { lstm: 0, gru: 1, simple: 2 } as const;

/** A layer, and its place among the network's. */
export interface IndexedLayer {
  readonly layer: RecurrentLayer;
  readonly index: number;
}

/** The fields that follow from a layer's sizes, weights and panels for the weight gradients. */
type RecurrentPlace = Pick<
  StructValues<"RecurrentArgs">,
  | "cell"
  | "steps"
  | "inputSize"
  | "hidden"
  | "width"
  | "split"
  | "kernel"
  | "bias"
  | "packedKernel"
  | "packedRecurrent"
  | "packedCandidate"
  | "transposedKernel"
  | "transposedRecurrent"
  | "transposedCandidate"
  | "statePanels"
  | "resetPanels"
  | "dzPanels"
  | "dzCandidatePanels"
>;

/** Gives these fields. */
export function placeRecurrent(
  { weights, transposed, buffers }: Readonly<
    Record<"weights" | "transposed" | "buffers", AddressOf>
  >,
  { layer, index }: IndexedLayer,
): RecurrentPlace {
  const { cell, timeSteps: steps, inputSize, hiddenSize: hidden, firstParameter } = layer;
  const copy = (role: PartRole): string => copyName({ role, layer: index });
  const buffer = (name: string): number => buffers(`${name} ${index}`);
  return {
    ...{ cell: CELLS[cell], steps, inputSize, hidden },
    ...{ width: widthOf(layer), split: splitOf(layer) },
    kernel: weights(parameterName(firstParameter)),
    bias: weights(parameterName(firstParameter + 2)),
    packedKernel: weights(copy("kernel")),
    packedRecurrent: weights(copy("recurrent")),
    packedCandidate: weights(copy("candidate")),
    transposedKernel: transposed(copy("kernel")),
    transposedRecurrent: transposed(copy("recurrent")),
    transposedCandidate: transposed(copy("candidate")),
    statePanels: buffer("statePanels"),
    resetPanels: buffer("resetPanels"),
    dzPanels: buffer("dzPanels"),
    dzCandidatePanels: buffer("dzCandidatePanels"),
  };
}
