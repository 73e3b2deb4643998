/** How much work a network with attention is. @module */
import type { AttentionNetwork } from "../../../network/network.ts";
import { widthOf } from "../layer_sizes.ts";
import type { PassRows } from "./spans.ts";

/** Counts the multiply-adds of a forward pass. */
export function countAttentionWork(
  network: AttentionNetwork,
  { sourceRows, targetRows }: Pick<PassRows, "sourceRows" | "targetRows">,
): number {
  const { hiddenSize: H, inputLength, targetVocabularySize: V } = network;
  const layers = (list: AttentionNetwork["decoderLayers"]): number =>
    list.reduce(
      (sum, layer) => sum + widthOf(layer) * (layer.inputSize + layer.hiddenSize),
      0,
    );
  const source = layers(network.encoder.flat());
  const target = layers(network.decoderLayers) + 3 * H * H + H * V + H * inputLength;
  return sourceRows * source + targetRows * target;
}

/** Counts the multiply-adds of examples of the usual length: half of the longest. */
export function countUsualWork(network: AttentionNetwork, examples: number): number {
  const usual = (length: number): number => 8 * Math.ceil(examples / 8) * Math.ceil(length / 2);
  return countAttentionWork(network, {
    sourceRows: usual(network.inputLength),
    targetRows: usual(network.outputLength),
  });
}
