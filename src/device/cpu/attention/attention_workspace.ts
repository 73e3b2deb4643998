/** The workspace of one panel of 8 examples in a network with attention. @module */
import type { AttentionNetwork, RecurrentLayer } from "../../../network/network.ts";
import { widthOf } from "../layer_sizes.ts";
import { laneBytes, layOut } from "../layout.ts";
import type { LayerPlaces } from "../workspace.ts";
import {
  listBuffers,
  positionBytes,
  VECTOR_BYTES,
  type WorkspaceUse,
} from "./workspace_buffers.ts";

/** Places of vectors of every time step: fields of `VectorArgs`. */
export type VectorPlaces = Readonly<
  Record<
    "states" | "stateStep" | "outputs" | "outputStep" | "dOutputs" | "dOutputStep",
    number
  >
>;

/** The places of all buffers, as offsets and steps in bytes. */
export interface AttentionWorkspace {
  readonly panelBytes: number;
  /** Fields of `AttentionRowsArgs`. */
  readonly common: Readonly<
    Record<"characters" | "targetCharacters" | "lanes" | "masks" | "bypass" | "dLast", number>
  >;
  readonly sourceEmbedding: VectorPlaces;
  readonly targetEmbedding: VectorPlaces;
  /** For each encoder layer, and for each of its directions. */
  readonly encoder: readonly (readonly LayerPlaces[])[];
  readonly encoderVectors: readonly VectorPlaces[];
  /** For each decoder layer. */
  readonly decoder: readonly LayerPlaces[];
  readonly decoderVectors: readonly VectorPlaces[];
  readonly combined: VectorPlaces;
  readonly attention: Readonly<
    Record<
      | "queries"
      | "queryStep"
      | "weights"
      | "dScores"
      | "weightStep"
      | "contexts"
      | "contextStep"
      | "dQuery",
      number
    >
  >;
  readonly output: Readonly<
    Record<"inputs" | "inputStep" | "logits" | "logitStep" | "dInputs" | "dInputStep", number>
  >;
}

/** A workspace whose buffers have their places. */
interface Placed {
  readonly network: AttentionNetwork;
  readonly at: (name: string) => number;
  /** Gives the bytes from time step to time step of what only the way back needs: 0 without it. */
  readonly stepOf: (bytes: number) => number;
}

/** Places the buffers of a panel. */
export function layOutAttention(network: AttentionNetwork, use: WorkspaceUse): AttentionWorkspace {
  const layout = layOut(listBuffers(network, use));
  const at = (name: string): number => layout.at(0, name);
  const placed: Placed = { network, at, stepOf: (bytes) => use.train ? bytes : 0 };
  const { encoder, decoderLayers } = network;
  const vectors = placeVectors(placed);
  const { sourceEmbedding, targetEmbedding, encoderVectors, decoderVectors, combined } = vectors;
  return {
    panelBytes: layout.sizeBytes,
    common: {
      ...{ characters: at("characters"), targetCharacters: at("targets"), lanes: at("lanes") },
      ...{ masks: at("masks"), bypass: at("bypass"), dLast: at("dLast") },
    },
    ...vectors,
    encoder: encoder.map((directions, l) =>
      directions.map((layer, d): LayerPlaces => {
        const half = d * VECTOR_BYTES * layer.hiddenSize, cells = laneBytes(layer.hiddenSize);
        const { states, stateStep, dOutputs, dOutputStep } = encoderVectors[l]!;
        return {
          ...placeLayer(
            placed,
            layer,
            `encoder ${l} ${d}`,
            encoderVectors[l - 1] ?? sourceEmbedding,
          ),
          ...placeCells(placed, layer, `encoder ${l} ${d}`, { first: cells, step: cells }),
          ...{ states: states + half, stateStep },
          ...{ dStates: dOutputs + half, dStateStep: dOutputStep },
        };
      })
    ),
    decoder: decoderLayers.map((layer, k): LayerPlaces => {
      const step = placed.stepOf(laneBytes(layer.hiddenSize));
      const { states, stateStep } = decoderVectors[k]!;
      return {
        ...placeLayer(placed, layer, `decoder ${k}`, decoderVectors[k - 1] ?? targetEmbedding),
        ...placeCells(placed, layer, `decoder ${k}`, { first: step, step }),
        ...{ states, stateStep, dStates: at(`decoder ${k} dStates`), dStateStep: 0 },
      };
    }),
    attention: placeAttention(placed),
    output: {
      ...{ inputs: combined.outputs, inputStep: combined.outputStep, logits: at("logits") },
      logitStep: laneBytes(network.targetVocabularySize),
      ...{ dInputs: combined.dOutputs, dInputStep: 0 },
    },
  };
}

/** The places of all vectors that a layer gives and the next reads. */
function placeVectors(
  { network, at, stepOf }: Placed,
): Pick<
  AttentionWorkspace,
  "sourceEmbedding" | "targetEmbedding" | "encoderVectors" | "decoderVectors" | "combined"
> {
  const lanes = laneBytes(network.hiddenSize), embedding = laneBytes(network.embeddingSize);
  const embeddings = (name: string, step: number, gradient: string): VectorPlaces => ({
    ...{ states: at(name), stateStep: step, outputs: at(name), outputStep: step },
    ...{ dOutputs: at(gradient), dOutputStep: 0 },
  });
  // what is not dropped is read where it was written
  const outputsOf = (
    dropped: string,
    step: number,
    given: Pick<VectorPlaces, "states" | "stateStep">,
  ): Omit<VectorPlaces, "dOutputs" | "dOutputStep"> =>
    at(dropped) === 0
      ? { ...given, outputs: given.states, outputStep: given.stateStep }
      : { ...given, outputs: at(dropped), outputStep: step };
  return {
    sourceEmbedding: embeddings("source", embedding, "dSource"),
    targetEmbedding: embeddings("target", 0, "dTarget"),
    encoderVectors: network.encoder.map((_, l) => ({
      ...outputsOf(`outputs ${l}`, lanes, { states: at(`states ${l}`) + lanes, stateStep: lanes }),
      ...{ dOutputs: at(`dOutputs ${l}`), dOutputStep: lanes },
    })),
    decoderVectors: network.decoderLayers.map((_, k) => {
      const step = stepOf(lanes), states = at(`decoder ${k} states`) + step;
      return {
        ...outputsOf(`decoder ${k} outputs`, 0, { states, stateStep: step }),
        ...{ dOutputs: at(`decoder ${k} dOutputs`), dOutputStep: 0 },
      };
    }),
    combined: {
      ...outputsOf("dropped", 0, { states: at("combined"), stateStep: stepOf(lanes) }),
      ...{ dOutputs: at("dCombined"), dOutputStep: 0 },
    },
  };
}

function placeLayer(
  { at, stepOf }: Placed,
  layer: RecurrentLayer,
  name: string,
  inputs: VectorPlaces,
): Omit<
  LayerPlaces,
  "cells" | "squashed" | "cellStep" | "states" | "stateStep" | "dStates" | "dStateStep"
> {
  return {
    ...{ characters: at("characters"), projected: 0 },
    ...{ gates: at(`${name} gates`), gateStep: stepOf(laneBytes(widthOf(layer))) },
    ...{ inputs: inputs.outputs, inputStep: inputs.outputStep },
    ...{ reset: at(`${name} reset`), carried: at(`${name} carried`) },
    ...{ dInputs: inputs.dOutputs, dInputStep: inputs.dOutputStep },
  };
}

/** @param places offset of the cell state of time step 0, and bytes from step to step */
function placeCells(
  { at }: Placed,
  { cell }: RecurrentLayer,
  name: string,
  { first, step }: { readonly first: number; readonly step: number },
): Pick<LayerPlaces, "cells" | "squashed" | "cellStep"> {
  const cells = cell === "lstm" ? at(`${name} cells`) + first : 0;
  return { cells, squashed: at(`${name} squashed`), cellStep: step };
}

function placeAttention({ network, at, stepOf }: Placed): AttentionWorkspace["attention"] {
  const step = stepOf(laneBytes(network.hiddenSize));
  return {
    ...{ queries: at("queries"), queryStep: step, contexts: at("contexts"), contextStep: step },
    ...{ weights: at("weights"), dScores: at("dScores") },
    ...{ weightStep: stepOf(positionBytes(network)), dQuery: at("dQuery") },
  };
}
