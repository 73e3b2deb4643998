/** The buffers of one panel of 8 examples in a network with attention, and their sizes. @module */
import type { AttentionNetwork, RecurrentLayer } from "../../../network/network.ts";
import { widthOf } from "../layer_sizes.ts";
import { laneBytes } from "../layout.ts";

/** What a workspace is for. */
export interface WorkspaceUse {
  /** Whether every time step is kept for the way back. */
  readonly train: boolean;
  /** Whether values are dropped, so that what a layer gives and what the next reads are apart. */
  readonly drops: boolean;
}

/** Bytes of one value over all lanes. */
export const VECTOR_BYTES = 32;

/** Bytes of what belongs to each lane: see `AttentionRowsArgs.lanes`. */
const LANE_BYTES = 64;

/** Names and sizes of buffers. One of no bytes does not exist. */
type Sizes = (readonly [name: string, bytes: number])[];

/** Lists the buffers of a workspace. */
export function listBuffers(network: AttentionNetwork, use: WorkspaceUse): Sizes {
  const { inputLength, outputLength, embeddingSize } = network;
  return [
    ["characters", 8 * inputLength],
    ["targets", 8 * outputLength],
    ["lanes", LANE_BYTES],
    ["masks", VECTOR_BYTES * inputLength],
    ["source", inputLength * laneBytes(embeddingSize)],
    ["target", laneBytes(embeddingSize)],
    ...network.encoder.flatMap((_, l) => encoderBuffers(network, use, l)),
    ...network.decoderLayers.flatMap((_, k) => decoderBuffers(network, use, k)),
    ...outputBuffers(network, use),
    ...(use.train ? gradientBuffers(network) : []),
  ];
}

/** Bytes of the weights of all positions at one time step. */
export function positionBytes({ inputLength }: AttentionNetwork): number {
  return VECTOR_BYTES * 4 * Math.ceil(inputLength / 4);
}

/** The states have one more place before the first position, and one after the last, for the states before in either direction. */
function encoderBuffers(
  { encoder, inputLength: T, hiddenSize }: AttentionNetwork,
  { train, drops }: WorkspaceUse,
  l: number,
): Sizes {
  const lanes = laneBytes(hiddenSize);
  return [
    [`states ${l}`, (T + 2) * lanes],
    [`outputs ${l}`, drops ? T * lanes : 0],
    [`dOutputs ${l}`, train ? T * lanes : 0],
    ...encoder[l]!.flatMap((layer, d) =>
      layerBuffers(layer, `encoder ${l} ${d}`, { train, kept: train ? T : 1, cells: T + 2 })
    ),
  ];
}

/** Without a way back, every time step overwrites the one before. */
function decoderBuffers(
  { decoderLayers, outputLength, hiddenSize }: AttentionNetwork,
  { train, drops }: WorkspaceUse,
  k: number,
): Sizes {
  const lanes = laneBytes(hiddenSize), isLast = k === decoderLayers.length - 1;
  const kept = train ? outputLength : 1, states = train ? kept + 1 : 1;
  return [
    ...layerBuffers(decoderLayers[k]!, `decoder ${k}`, { train, kept, cells: states }),
    [`decoder ${k} states`, states * lanes],
    [`decoder ${k} outputs`, drops && !isLast ? lanes : 0],
    [`decoder ${k} dStates`, train ? lanes : 0],
    [`decoder ${k} dOutputs`, train && !isLast ? lanes : 0],
  ];
}

/** The buffers of one direction of an encoder layer, or of a decoder layer. */
function layerBuffers(
  layer: RecurrentLayer,
  name: string,
  { train, kept, cells }: {
    readonly train: boolean;
    /** Number of time steps that are kept. */
    readonly kept: number;
    /** Number of cell states. */
    readonly cells: number;
  },
): Sizes {
  const lanes = laneBytes(layer.hiddenSize), isLstm = layer.cell === "lstm";
  return [
    [`${name} gates`, kept * laneBytes(widthOf(layer))],
    [`${name} cells`, isLstm ? cells * lanes : 0],
    [`${name} squashed`, isLstm && train ? kept * lanes : 0],
    [`${name} reset`, layer.cell === "gru" ? lanes : 0],
    [`${name} carried`, train && layer.cell !== "simple" ? lanes : 0],
  ];
}

function outputBuffers(network: AttentionNetwork, { train, drops }: WorkspaceUse): Sizes {
  const lanes = laneBytes(network.hiddenSize), positions = positionBytes(network);
  const kept = train ? network.outputLength : 1;
  return [
    ["queries", kept * lanes],
    ["contexts", kept * lanes],
    ["weights", kept * positions],
    ["dScores", train ? kept * positions : 0],
    ["combined", kept * lanes],
    ["dropped", drops ? lanes : 0],
    ["logits", network.outputLength * laneBytes(network.targetVocabularySize)],
  ];
}

function gradientBuffers({ hiddenSize, embeddingSize }: AttentionNetwork): Sizes {
  const lanes = laneBytes(hiddenSize), embedding = laneBytes(embeddingSize);
  return [
    ["dQuery", lanes],
    ["dCombined", lanes],
    ["dSource", embedding],
    ["dTarget", embedding],
    ["dLast", 2 * lanes],
    ["bypass", 2 * lanes],
  ];
}
