/** The arguments of a pass of examples through the network: forward only, or there and back. @module */
import type { RecurrentLayer, RepeatNetwork } from "../../network/network.ts";
import type { ArgumentWriter } from "./arguments.ts";
import { firstPanelBytes, firstStepPlaces } from "./first_step.ts";
import { denseLayer, recurrentLayers } from "./layer_sizes.ts";
import { type AddressOf, panelStride } from "./layout.ts";
import { placeRecurrent } from "./recurrent_arguments.ts";
import { copyName, parameterName } from "./parts.ts";
import type { StructValues } from "./structs.ts";
import type { LayerPlaces, Workspace } from "./workspace.ts";

/** The places of everything that a pass reads and writes. */
export interface PassPlaces {
  readonly network: RepeatNetwork;
  /** Parameters and their copies: see `parameterName` and `copyName`. */
  readonly weights: AddressOf;
  /** Copies for products with the transposes of the parameters. */
  readonly transposed: AddressOf;
  /** All else. */
  readonly buffers: AddressOf;
  readonly workspace: Workspace;
}

/** How a pass is made. */
export interface PassSettings {
  readonly train: boolean;
  /** Whether the first time step is computed once for every character. */
  readonly isShared: boolean;
  /** Number of examples, and panels of 8 of them that a task takes. */
  readonly examples: number;
  readonly group: number;
  /** Number of workspaces, each for a group of panels. */
  readonly slots: number;
  /** Rows of a time step that the panels for weight gradients hold, and have room for. */
  readonly rows: number;
  readonly roomRows: number;
  /** Label smoothing. */
  readonly smoothing: number;
}

/** The place of the examples. */
export type PassInput = Readonly<Record<"sources" | "targets" | "order" | "first", number>>;

/** The place of the results; 0: not wanted. */
export type PassResults = Readonly<
  Record<"sums" | "answers" | "confidence" | "probabilities", number>
>;

/** The addresses of the arguments. */
export interface PassArguments {
  readonly rows: number;
  /** Of the first time step; 0 if it is not shared. */
  readonly first: number;
}

/** Writes the arguments. */
export function writePass(
  writer: ArgumentWriter,
  places: PassPlaces,
  options: { settings: PassSettings; input: PassInput; results: PassResults },
): PassArguments {
  const { network, workspace, buffers } = places;
  const { settings, input, results } = options;
  const layers = recurrentLayers(network).map((layer, index) =>
    writer.write("RecurrentArgs", layerArguments(places, settings, { layer, index }))
  );
  const { train, isShared, examples, group, slots } = settings;
  const rows = writer.write("RowsArgs", {
    ...{ examples, group, train: Number(train), ...input },
    ...{ inputLength: network.inputLength, layers: layers[0]!, layerCount: layers.length },
    output: writer.write("OutputArgs", outputArguments(places, settings, results)),
    ...{ work: buffers("work"), slots, panelBytes: workspace.panelBytes },
    ...{ characters: workspace.characters, targetCharacters: workspace.targetCharacters },
    allCharacters: buffers("allCharacters"),
  });
  return { rows, first: isShared ? writeFirstStep(writer, places, settings) : 0 };
}

const INPUTS = { indices: 0, repeated: 1, sequence: 2 } as const;

function layerArguments(
  places: PassPlaces,
  { train, isShared, rows, roomRows }: PassSettings,
  { layer, index }: { layer: RecurrentLayer; index: number },
): StructValues<"RecurrentArgs"> {
  const { buffers, workspace } = places;
  const { timeSteps: T } = layer;
  const buffer = (name: string): number => buffers(`${name} ${index}`);
  const begin = Number(isShared && layer.input === "indices");
  return {
    ...placeRecurrent(places, { layer, index }),
    ...{ input: INPUTS[layer.input], every: Number(layer.output === "every") },
    ...{ keep: Number(train), begin },
    ...workspace.layers[index]!,
    ...{ rows, panelStride: panelStride(T * roomRows, 4) },
    dzSumPanels: buffer("dzSumPanels"),
    dzSumCandidatePanels: buffer("dzSumCandidatePanels"),
    dzSumStride: panelStride(roomRows, 8),
    firstProducts: buffers("firstProducts"),
    firstStates: buffers("firstStates"),
    allCarried: begin === 1 ? buffers("allCarried") : 0,
  };
}

function outputArguments(
  { network, weights, transposed, buffers, workspace }: PassPlaces,
  { examples, rows, roomRows, smoothing }: PassSettings,
  results: PassResults,
): StructValues<"OutputArgs"> {
  const { timeSteps: T, inputSize, outputSize, firstParameter } = denseLayer(network);
  const kernel = copyName({ role: "kernel", layer: network.layers.length - 1 });
  return {
    ...{ steps: T, inputSize, classes: outputSize },
    packedKernel: weights(kernel),
    bias: weights(parameterName(firstParameter + 1)),
    transposedKernel: transposed(kernel),
    ...workspace.output,
    ...{ scale: 1 / (examples * T), smoothing, rows },
    ...{ dPanels: buffers("dLogitPanels"), dPanelStride: panelStride(T * roomRows, 8) },
    ...results,
  };
}

/**
 * Writes the arguments of the first time step. Its layer is that of the characters, cut to two time steps; its states take the last rows
 * of the first time step in the panels for the weight gradients.
 */
function writeFirstStep(
  writer: ArgumentWriter,
  places: PassPlaces,
  settings: PassSettings,
): number {
  const { network, buffers } = places;
  const layer = recurrentLayers(network)[0]!;
  const values = layerArguments(places, settings, { layer, index: 0 });
  const skipped = settings.rows - firstStepRows(network);
  const firstPlaces: LayerPlaces = firstStepPlaces(network);
  return writer.write("FirstStepArgs", {
    layer: writer.write("RecurrentArgs", {
      ...values,
      ...firstPlaces,
      ...{ steps: 2, begin: 0, statePanels: values.statePanels + 16 * skipped },
    }),
    work: buffers("firstWork"),
    panelBytes: firstPanelBytes(network),
    characters: network.sourceVocabularySize,
    dKernel: buffers(parameterName(layer.firstParameter)),
  });
}

/** Rows that all characters take in the panels for the weight gradients. */
export function firstStepRows({ sourceVocabularySize }: RepeatNetwork): number {
  return 8 * Math.ceil(sourceVocabularySize / 8);
}
