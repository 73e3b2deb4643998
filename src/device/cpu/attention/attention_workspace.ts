/** The workspace of one panel of 8 examples in a network with attention. @module */
import type { AttentionNetwork, RecurrentLayer } from "../../../network/network.ts";
import { widthOf } from "../layer_sizes.ts";
import { laneBytes, layOut } from "../layout.ts";
import type { LayerPlaces } from "../workspace.ts";

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

/** What a workspace is for. */
export interface WorkspaceUse {
  /** Whether every time step is kept for the way back. */
  readonly train: boolean;
  /** Whether values are dropped, so that what a layer gives and what the next reads are apart. */
  readonly drops: boolean;
}

/** Bytes of what belongs to each lane: see `AttentionRowsArgs.lanes`. */
const LANE_BYTES = 64;

/** Bytes of one vector over all lanes. */
const VECTOR_BYTES = 32;

/** Places the buffers of a panel. */
export function layOutAttention(
  network: AttentionNetwork,
  { train, drops }: WorkspaceUse,
): AttentionWorkspace {
  const { encoder, decoderLayers, inputLength, outputLength, hiddenSize: H } = network;
  const lanes = laneBytes(H), embedding = laneBytes(network.embeddingSize);
  const positions = VECTOR_BYTES * 4 * Math.ceil(inputLength / 4);
  const logits = laneBytes(network.targetVocabularySize);
  const kept = train ? outputLength : 1, last = decoderLayers.length - 1;
  const lstm = network.cell === "lstm";
  const layout = layOut([
    ["characters", 8 * inputLength],
    ["targets", 8 * outputLength],
    ["lanes", LANE_BYTES],
    ["masks", VECTOR_BYTES * inputLength],
    ["source", inputLength * embedding],
    ["target", embedding],
    ...encoder.flatMap((directions, l) => [
      ...[[`states ${l}`, (inputLength + 2) * lanes] as const],
      ...[[`outputs ${l}`, drops ? inputLength * lanes : 0] as const],
      ...[[`dOutputs ${l}`, train ? inputLength * lanes : 0] as const],
      ...directions.flatMap((layer, d) =>
        recurrentSizes(layer, `encoder ${l} ${d}`, {
          ...{ gates: train ? inputLength : 1, squashed: train ? inputLength : 0 },
          ...{ cells: inputLength + 2, train },
        })
      ),
    ]),
    ...decoderLayers.flatMap((layer, k) => [
      ...recurrentSizes(layer, `decoder ${k}`, {
        ...{ gates: kept, squashed: train ? kept : 0, cells: train ? kept + 1 : 1, train },
      }),
      ...[[`decoder ${k} states`, (train ? kept + 1 : 1) * lanes] as const],
      ...[[`decoder ${k} outputs`, drops && k < last ? lanes : 0] as const],
      ...[[`decoder ${k} dStates`, train ? lanes : 0] as const],
      ...[[`decoder ${k} dOutputs`, train && k < last ? lanes : 0] as const],
    ]),
    ...[["queries", kept * lanes], ["contexts", kept * lanes]] as const,
    ["weights", kept * positions],
    ["dScores", train ? kept * positions : 0],
    ["combined", kept * lanes],
    ["dropped", drops ? lanes : 0],
    ["logits", outputLength * logits],
    ...(train
      ? [
        ...[["dQuery", lanes], ["dCombined", lanes], ["dSource", embedding]] as const,
        ...[["dTarget", embedding], ["dLast", 2 * lanes], ["bypass", 2 * lanes]] as const,
      ]
      : []),
  ]);
  const at = (name: string): number => layout.at(0, name);
  const stepOf = (bytes: number): number => train ? bytes : 0;
  const vectors = (
    states: number,
    stateStep: number,
    dropped: string,
    outputStep: number,
  ): Omit<VectorPlaces, "dOutputs" | "dOutputStep"> => {
    const isApart = at(dropped) !== 0;
    return {
      ...{ states, stateStep, outputs: isApart ? at(dropped) : states },
      outputStep: isApart ? outputStep : stateStep,
    };
  };
  const encoderVectors = encoder.map((_, l): VectorPlaces => ({
    ...vectors(at(`states ${l}`) + lanes, lanes, `outputs ${l}`, lanes),
    ...{ dOutputs: at(`dOutputs ${l}`), dOutputStep: lanes },
  }));
  const sourceEmbedding: VectorPlaces = {
    ...{ states: at("source"), stateStep: embedding, outputs: at("source") },
    ...{ outputStep: embedding, dOutputs: at("dSource"), dOutputStep: 0 },
  };
  const targetEmbedding: VectorPlaces = {
    ...{ states: at("target"), stateStep: 0, outputs: at("target"), outputStep: 0 },
    ...{ dOutputs: at("dTarget"), dOutputStep: 0 },
  };
  const decoderVectors = decoderLayers.map((_, k): VectorPlaces => ({
    ...vectors(
      at(`decoder ${k} states`) + stepOf(lanes),
      stepOf(lanes),
      `decoder ${k} outputs`,
      0,
    ),
    ...{ dOutputs: at(`decoder ${k} dOutputs`), dOutputStep: 0 },
  }));
  const combined: VectorPlaces = {
    ...vectors(at("combined"), stepOf(lanes), "dropped", 0),
    ...{ dOutputs: at("dCombined"), dOutputStep: 0 },
  };
  const common = { characters: at("characters"), projected: 0 };
  return {
    panelBytes: layout.sizeBytes,
    common: {
      ...{ characters: at("characters"), targetCharacters: at("targets"), lanes: at("lanes") },
      ...{ masks: at("masks"), bypass: at("bypass"), dLast: at("dLast") },
    },
    ...{ sourceEmbedding, targetEmbedding, encoderVectors, decoderVectors, combined },
    encoder: encoder.map((directions, l) =>
      directions.map((layer, d): LayerPlaces => {
        const name = `encoder ${l} ${d}`, inputs = encoderVectors[l - 1] ?? sourceEmbedding;
        const half = d * VECTOR_BYTES * layer.hiddenSize, cells = laneBytes(layer.hiddenSize);
        return {
          ...common,
          ...{ gates: at(`${name} gates`), gateStep: stepOf(laneBytes(widthOf(layer))) },
          cells: lstm ? at(`${name} cells`) + cells : 0,
          ...{ squashed: at(`${name} squashed`), cellStep: cells },
          ...{ states: encoderVectors[l]!.states + half, stateStep: lanes },
          ...{ inputs: inputs.outputs, inputStep: inputs.outputStep },
          ...{ reset: at(`${name} reset`), carried: at(`${name} carried`) },
          ...{ dStates: at(`dOutputs ${l}`) + half, dStateStep: lanes },
          ...{ dInputs: inputs.dOutputs, dInputStep: inputs.dOutputStep },
        };
      })
    ),
    decoder: decoderLayers.map((layer, k): LayerPlaces => {
      const name = `decoder ${k}`, inputs = decoderVectors[k - 1] ?? targetEmbedding;
      return {
        ...common,
        ...{ gates: at(`${name} gates`), gateStep: stepOf(laneBytes(widthOf(layer))) },
        cells: lstm ? at(`${name} cells`) + stepOf(lanes) : 0,
        ...{ squashed: at(`${name} squashed`), cellStep: stepOf(lanes) },
        ...{ states: decoderVectors[k]!.states, stateStep: stepOf(lanes) },
        ...{ inputs: inputs.outputs, inputStep: inputs.outputStep },
        ...{ reset: at(`${name} reset`), carried: at(`${name} carried`) },
        ...{ dStates: at(`${name} dStates`), dStateStep: 0 },
        ...{ dInputs: inputs.dOutputs, dInputStep: inputs.dOutputStep },
      };
    }),
    attention: {
      ...{ queries: at("queries"), queryStep: stepOf(lanes), weights: at("weights") },
      ...{ dScores: at("dScores"), weightStep: stepOf(positions) },
      ...{ contexts: at("contexts"), contextStep: stepOf(lanes), dQuery: at("dQuery") },
    },
    output: {
      ...{ inputs: combined.outputs, inputStep: combined.outputStep },
      ...{ logits: at("logits"), logitStep: logits },
      ...{ dInputs: combined.dOutputs, dInputStep: 0 },
    },
  };
}

/** The buffers of a recurrent layer whose number of time steps is given. */
function recurrentSizes(
  layer: RecurrentLayer,
  name: string,
  { gates, squashed, cells, train }: {
    readonly gates: number;
    readonly squashed: number;
    readonly cells: number;
    readonly train: boolean;
  },
): (readonly [name: string, bytes: number])[] {
  const lanes = laneBytes(layer.hiddenSize), lstm = layer.cell === "lstm";
  return [
    [`${name} gates`, gates * laneBytes(widthOf(layer))],
    [`${name} cells`, lstm ? cells * lanes : 0],
    [`${name} squashed`, lstm ? squashed * lanes : 0],
    [`${name} reset`, layer.cell === "gru" ? lanes : 0],
    [`${name} carried`, train && layer.cell !== "simple" ? lanes : 0],
  ];
}
