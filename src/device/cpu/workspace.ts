/** The workspace of one panel of 8 examples: everything that it needs on its way through the network, and back. @module */
import type { RecurrentLayer, RepeatNetwork } from "../../network/network.ts";
import { denseLayer, recurrentLayers, widthOf } from "./layer_sizes.ts";
import { laneBytes, layOut } from "./layout.ts";

/** The fields of a layer's arguments that lie in the workspace, as offsets and steps in bytes. */
export type LayerPlaces = Readonly<
  Record<
    | "characters"
    | "gates"
    | "gateStep"
    | "cells"
    | "squashed"
    | "cellStep"
    | "states"
    | "stateStep"
    | "inputs"
    | "inputStep"
    | "projected"
    | "reset"
    | "dStates"
    | "dStateStep"
    | "carried"
    | "dInputs"
    | "dInputStep",
    number
  >
>;

/** The places of all buffers. */
export interface Workspace {
  readonly panelBytes: number;
  /** Characters of sources and targets, uint8 (T, 8). */
  readonly characters: number;
  readonly targetCharacters: number;
  /** For each recurrent layer. */
  readonly layers: readonly LayerPlaces[];
  /** For the dense layer. */
  readonly output: Readonly<
    Record<"inputs" | "inputStep" | "logits" | "logitStep" | "dInputs" | "dInputStep", number>
  >;
}

/**
 * Places the buffers of a panel.
 *
 * @param train whether every time step is kept for the way back; otherwise each overwrites the one before, unless the next layer reads it
 */
export function layOutWorkspace(network: RepeatNetwork, train: boolean): Workspace {
  const layers = recurrentLayers(network), dense = denseLayer(network);
  const layout = layOut([
    ["characters", 8 * network.inputLength],
    ["targets", 8 * network.outputLength],
    ...layers.flatMap((_, i) => layerSizes(layers, i, train)),
    ["logits", dense.timeSteps * laneBytes(dense.outputSize)],
  ]);
  const at = (name: string): number => layout.at(0, name);
  const stateStep = (layer: RecurrentLayer): number =>
    train || layer.output === "every" ? laneBytes(layer.hiddenSize) : 0;
  const dStateOf = (i: number): { dInputs: number; dInputStep: number } => ({
    dInputs: at(`dStates ${chainStart(layers, i)}`),
    dInputStep: layers[i]!.output === "every" ? chainLanes(layers, i) : 0,
  });
  const lastStates = (i: number): number => {
    const below = layers[i]!;
    return at(`states ${i}`) + (below.timeSteps - 1) * stateStep(below);
  };
  return {
    panelBytes: layout.sizeBytes,
    characters: at("characters"),
    targetCharacters: at("targets"),
    layers: layers.map((layer, i) => {
      const { dInputs: dStates, dInputStep: dStateStep } = dStateOf(i);
      const below = layers[i - 1];
      const isSequence = layer.input === "sequence";
      return {
        characters: at("characters"),
        gates: at(`gates ${i}`),
        gateStep: train ? laneBytes(widthOf(layer)) : 0,
        cells: at(`cells ${i}`),
        squashed: at(`squashed ${i}`),
        cellStep: train ? laneBytes(layer.hiddenSize) : 0,
        states: at(`states ${i}`),
        stateStep: stateStep(layer),
        inputs: below === undefined ? 0 : isSequence ? at(`states ${i - 1}`) : lastStates(i - 1),
        inputStep: below === undefined ? 0 : stateStep(below),
        projected: at(`projected ${i}`),
        reset: at(`reset ${i}`),
        ...{ dStates, dStateStep },
        carried: at(`carried ${i}`),
        ...(below === undefined ? { dInputs: 0, dInputStep: 0 } : dStateOf(i - 1)),
      };
    }),
    output: {
      inputs: at(`states ${layers.length - 1}`),
      inputStep: stateStep(layers.at(-1)!),
      logits: at("logits"),
      logitStep: laneBytes(dense.outputSize),
      ...dStateOf(layers.length - 1),
    },
  };
}

function layerSizes(
  layers: readonly RecurrentLayer[],
  index: number,
  train: boolean,
): [name: string, bytes: number][] {
  const { cell, input, output, hiddenSize, timeSteps } = layers[index]!;
  const lanes = laneBytes(hiddenSize), gates = laneBytes(widthOf(layers[index]!));
  const kept = train ? timeSteps : 1;
  const chain = output === "every" ? timeSteps : 1;
  return [
    [`gates ${index}`, kept * gates],
    [`cells ${index}`, cell === "lstm" ? kept * lanes : 0],
    [`squashed ${index}`, cell === "lstm" ? kept * lanes : 0],
    [`states ${index}`, (train || output === "every" ? timeSteps : 1) * lanes],
    [`projected ${index}`, input === "repeated" ? gates : 0],
    [`reset ${index}`, cell === "gru" ? lanes : 0],
    [`carried ${index}`, train && cell !== "simple" ? lanes : 0],
    [
      `dStates ${index}`,
      train && chainStart(layers, index) === index ? chain * chainLanes(layers, index) : 0,
    ],
  ];
}

/**
 * Gives the first of the layers that pass every time step on to each other up to a layer. They share the place of the gradient of their
 * states: a layer reads one time step of it, and then writes the gradient of its input there.
 */
function chainStart(layers: readonly RecurrentLayer[], index: number): number {
  let start = index;
  while (layers[start]!.input === "sequence") start--;
  return start;
}

/** Bytes of one time step in that place. */
function chainLanes(layers: readonly RecurrentLayer[], index: number): number {
  const start = chainStart(layers, index);
  let sizes = layers[start]!.hiddenSize;
  for (let i = start + 1; layers[i]?.input === "sequence"; i++) {
    sizes = Math.max(sizes, layers[i]!.hiddenSize);
  }
  return laneBytes(sizes);
}
