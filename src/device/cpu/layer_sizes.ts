/** Sizes of a recurrent layer that its buffers follow from. @module */
import type { DenseLayer, RecurrentLayer, RepeatNetwork } from "../../network/network.ts";

/** Gives G·H, the width of a layer's gates. */
export function widthOf({ gates, hiddenSize }: RecurrentLayer): number {
  return gates * hiddenSize;
}

/** Gives the number of columns of the recurrent kernel that are multiplied with h: 2H for GRU, else all. */
export function splitOf(layer: RecurrentLayer): number {
  return layer.cell === "gru" ? 2 * layer.hiddenSize : widthOf(layer);
}

/** Gives the recurrent layers of a network, in order. */
export function recurrentLayers({ layers }: RepeatNetwork): RecurrentLayer[] {
  return layers.filter((layer) => layer.type === "recurrent");
}

/** Gives the last layer of a network. */
export function denseLayer({ layers }: RepeatNetwork): DenseLayer {
  const last = layers.at(-1);
  if (last?.type !== "dense") throw new TypeError("Cannot run a network without a dense layer");
  return last;
}

/** Counts the panels of 8 examples. */
export function countPanels(examples: number): number {
  return Math.ceil(examples / 8);
}

/**
 * Says whether the first time step of the characters' layer is computed once for every character: if that is at most half the work, and
 * its states are not wanted.
 */
export function sharesFirstStep(network: RepeatNetwork, examples: number): boolean {
  const { input, output, timeSteps } = recurrentLayers(network)[0]!;
  return input === "indices" && output === "last" && timeSteps > 1 &&
    2 * countPanels(network.sourceVocabularySize) <= countPanels(examples);
}

/** Counts the multiply-adds of a forward pass. The first time step has no states to multiply. */
export function countMultiplyAdds(network: RepeatNetwork, examples: number): number {
  const rows = 8 * countPanels(examples);
  const isShared = sharesFirstStep(network, examples);
  const firstRows = 8 * countPanels(network.sourceVocabularySize);
  return network.layers.reduce((sum, layer) => {
    const { inputSize: I, timeSteps: T } = layer;
    if (layer.type === "dense") return sum + rows * T * I * layer.outputSize;
    const shared = isShared && layer.input === "indices";
    const stateRows = shared ? rows * (T - 2) + firstRows : rows * (T - 1);
    const inputRows = rows * { indices: 0, repeated: 1, sequence: T }[layer.input];
    return sum + widthOf(layer) * (stateRows * layer.hiddenSize + inputRows * I);
  }, 0);
}
