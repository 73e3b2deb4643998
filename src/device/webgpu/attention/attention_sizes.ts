/** The sizes of a network with attention. @module */
import type { AttentionNetwork } from "../../../network/network.ts";
import { type DropoutSites, dropoutSites } from "../../../random/dropout.ts";
import { type NetworkSizes, sizeNetwork } from "../network_sizes.ts";
import { padToQuads } from "../parameter_layout.ts";

/** The sizes of a network with attention. */
export interface AttentionSizes extends NetworkSizes {
  /** Size of the hidden state, H. */
  readonly hiddenSize: number;
  /** Size of an embedding, padded to a multiple of 4. */
  readonly embedded: number;
  /** Number of directions of an encoder layer, 1 or 2. */
  readonly directions: number;
  /** Number of units of a direction. */
  readonly directionSize: number;
  /** The same, padded to a multiple of 4. */
  readonly directionUnits: number;
  /** Numbers of layers. */
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  /** Index of the padding of sources and of targets; above every index if nothing pads. */
  readonly sourcePadding: number;
  readonly targetPadding: number;
  /** Places of the layers in the network's list; of encoder and decoder, of the first layer and direction. */
  readonly places: Readonly<
    Record<
      "sourceEmbedding" | "encoder" | "targetEmbedding" | "decoder" | "attention" | "output",
      number
    >
  >;
  /** The numbers of the places where values are dropped. */
  readonly sites: DropoutSites;
}

/** A number above every index of a symbol. */
const NO_SYMBOL = 256;

/** Gives the sizes of a network. */
export function sizeAttention(network: AttentionNetwork): AttentionSizes {
  const { encoder, decoderLayers, hiddenSize, embeddingSize } = network;
  const directions = encoder[0]!.length;
  const directionSize = encoder[0]![0]!.hiddenSize;
  const targetEmbedding = 1 + encoder.length * directions;
  const attention = targetEmbedding + 1 + decoderLayers.length;
  return {
    ...sizeNetwork(network),
    ...{ hiddenSize, embedded: padToQuads(embeddingSize) },
    ...{ directions, directionSize, directionUnits: padToQuads(directionSize) },
    ...{ encoderLayers: encoder.length, decoderLayers: decoderLayers.length },
    sourcePadding: network.sourcePadding ?? NO_SYMBOL,
    targetPadding: network.targetPadding ?? NO_SYMBOL,
    places: {
      ...{ sourceEmbedding: 0, encoder: 1 },
      ...{ targetEmbedding, decoder: targetEmbedding + 1, attention, output: attention + 1 },
    },
    sites: dropoutSites(encoder.length, decoderLayers.length),
  };
}
