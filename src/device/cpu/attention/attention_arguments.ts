/** The arguments of a pass of examples through a network with attention. @module */
import type { AttentionNetwork, RecurrentLayer } from "../../../network/network.ts";
import { type DropoutSites, dropoutSites } from "../../../random/dropout.ts";
import type { ArgumentWriter } from "../arguments.ts";
import { type AddressOf, panelStride } from "../layout.ts";
import { copyName, parameterName, type PartRole } from "../parts.ts";
import type { PassInput, PassResults } from "../pass_arguments.ts";
import { placeRecurrent } from "../recurrent_arguments.ts";
import type { StructValues } from "../structs.ts";
import type { LayerPlaces } from "../workspace.ts";
import type { AttentionWorkspace, VectorPlaces } from "./attention_workspace.ts";

/** The places of everything that a pass reads and writes. */
export interface AttentionPlaces {
  readonly network: AttentionNetwork;
  /** Parameters and their copies: see `parameterName` and `copyName`. */
  readonly weights: AddressOf;
  /** Copies for products with the transposes of the parameters. */
  readonly transposed: AddressOf;
  /** All else. */
  readonly buffers: AddressOf;
  readonly workspace: AttentionWorkspace;
}

/** How a pass is made. */
export interface AttentionSettings {
  readonly train: boolean;
  /** Number of examples, and panels of 8 of them that a task takes. */
  readonly examples: number;
  readonly group: number;
  /** Number of workspaces, each for a group of panels. */
  readonly slots: number;
  /** Rows that the panels for the gradients of weights have room for: of sources and of targets. */
  readonly sourceRows: number;
  readonly targetRows: number;
  /** Label smoothing. */
  readonly smoothing: number;
}

/** A layer of the network. */
type PlacedRecurrent = {
  readonly layer: RecurrentLayer;
  readonly places: LayerPlaces;
  /** Rows that its panels have room for. */
  readonly rows: number;
};

/** Time step at which a layer begins, if it never begins without the product with the states before. */
const NEVER = -1;

/** What the arguments are written with. */
interface PassWriter {
  readonly writer: ArgumentWriter;
  readonly places: AttentionPlaces;
  readonly settings: AttentionSettings;
}

/** Writes the arguments. @returns the address of `AttentionRowsArgs`, whose fields of dropout are those of none, and of `OutputArgs` */
export function writeAttention(
  writer: ArgumentWriter,
  places: AttentionPlaces,
  { settings, input, results }: {
    readonly settings: AttentionSettings;
    readonly input: PassInput;
    readonly results: PassResults;
  },
): { readonly rows: number; readonly output: number } {
  const pass: PassWriter = { writer, places, settings };
  const { network, workspace, buffers } = places;
  const { train, examples, group, slots } = settings;
  const encoder = writeEncoder(pass), decoder = writeDecoder(pass);
  const attention = writeAttend(pass, {
    encoded: encoder.lastVectors,
    decoded: decoder.lastVectors,
  });
  const output = writeOutput(pass, results);
  const rows = writer.write("AttentionRowsArgs", {
    ...{ examples, group, train: Number(train), ...input },
    ...{ inputLength: network.inputLength, outputLength: network.outputLength },
    sourcePadding: network.sourcePadding ?? -1,
    targetPadding: network.targetPadding ?? -1,
    ...{ spans: buffers("spans"), work: buffers("work"), slots },
    panelBytes: workspace.panelBytes,
    ...{ encoder: encoder.layers, encoderLayers: network.encoder.length },
    ...{ directions: network.encoder[0]!.length, encoderVectors: encoder.vectors },
    ...{ decoder: decoder.layers, decoderLayers: network.decoderLayers.length },
    decoderVectors: decoder.vectors,
    sourceEmbedding: writeEmbedding(pass, "source"),
    targetEmbedding: writeEmbedding(pass, "target"),
    ...{ attention, output },
    ...workspace.common,
    ...{ stepKey: 0, threshold: 0, keptFactor: 1 },
  });
  return { rows, output };
}

/** Addresses of lists of arguments, and of the last of the vectors. */
type WrittenLayers = Readonly<Record<"layers" | "vectors" | "lastVectors", number>>;

function writeEncoder(pass: PassWriter): WrittenLayers {
  const { places: { network: { encoder }, workspace, buffers }, settings: { sourceRows: rows } } =
    pass;
  const layers = encoder.flatMap((directions, l) =>
    directions.map((layer, d) =>
      writeRecurrent(pass, { layer, places: workspace.encoder[l]![d]!, rows })
    )
  );
  const sites = sitesOf(pass).encoder;
  const vectors = encoder.map((_, l) =>
    writeVectors(pass, workspace.encoderVectors[l]!, {
      ...{ rows, site: sites[l]!, panels: buffers(`encoderPanels ${l}`) },
    })
  );
  return { layers: layers[0]!, vectors: vectors[0]!, lastVectors: vectors.at(-1)! };
}

function writeDecoder(pass: PassWriter): WrittenLayers {
  const { places: { network, workspace, buffers }, settings: { targetRows: rows } } = pass;
  const layers = network.decoderLayers.map((layer, k) =>
    writeRecurrent(pass, { layer, places: workspace.decoder[k]!, rows })
  );
  const sites = sitesOf(pass).decoderLayers;
  const vectors = network.decoderLayers.map((_, k) =>
    writeVectors(pass, workspace.decoderVectors[k]!, {
      ...{ rows, site: sites[k] ?? -1, panels: buffers(`decoderPanels ${k}`) },
    })
  );
  return { layers: layers[0]!, vectors: vectors[0]!, lastVectors: vectors.at(-1)! };
}

function sitesOf({ places: { network } }: PassWriter): DropoutSites {
  return dropoutSites(network.encoder.length, network.decoderLayers.length);
}

function writeEmbedding(pass: PassWriter, side: "source" | "target"): number {
  const { places: { network, workspace, weights, buffers }, settings } = pass;
  const name = `${side}Embedding` as const;
  const { outputSize: size, firstParameter } = network[name];
  return writeVectors(pass, workspace[name], {
    ...{ rows: settings[`${side}Rows`], size, site: sitesOf(pass)[name] },
    panels: buffers(`${side}Panels`),
    table: weights(parameterName(firstParameter)),
    dPanels: buffers(`${side}Gradients`),
    symbols: buffers(`${side}Symbols`),
  });
}

/** Writes the arguments of vectors; what is not given is that of vectors of size H that are neither dropped nor looked up. */
function writeVectors(
  { writer, places: { network } }: PassWriter,
  given: VectorPlaces,
  { rows, ...values }: Partial<StructValues<"VectorArgs">> & { readonly rows: number },
): number {
  return writer.write("VectorArgs", {
    ...{ size: network.hiddenSize, site: -1, ...given, panels: 0 },
    ...{ panelStride: panelStride(rows, 4), table: 0, dPanels: 0 },
    ...{ dPanelStride: panelStride(rows, 8), symbols: 0 },
    ...values,
  });
}

function writeAttend(
  pass: PassWriter,
  read: { readonly encoded: number; readonly decoded: number },
): number {
  const { writer, places, settings: { targetRows: rows } } = pass;
  const { network, workspace, buffers, weights, transposed } = places;
  const { attention } = network;
  const copy = (role: PartRole): string =>
    copyName({ role, layer: network.layers.indexOf(attention) });
  return writer.write("AttentionArgs", {
    hidden: network.hiddenSize,
    ...{ score: weights(copy("score")), context: weights(copy("context")) },
    state: weights(copy("state")),
    transposedScore: transposed(copy("score")),
    transposedContext: transposed(copy("context")),
    transposedState: transposed(copy("state")),
    bias: weights(parameterName(attention.firstParameter + 2)),
    ...workspace.attention,
    ...{ panelStride: panelStride(rows, 4), contextPanels: buffers("contextPanels") },
    dQueryPanels: buffers("dQueryPanels"),
    dCombinedPanels: buffers("dCombinedPanels"),
    ...read,
    combined: writeVectors(pass, workspace.combined, {
      ...{ rows, site: sitesOf(pass).attention, panels: buffers("combinedPanels") },
    }),
  });
}

function writeOutput({ writer, places, settings }: PassWriter, results: PassResults): number {
  const { network, workspace, buffers, weights, transposed } = places;
  const { output, outputLength: steps } = network;
  const { inputSize, outputSize: classes, firstParameter } = output;
  const kernel = copyName({ role: "kernel", layer: network.layers.indexOf(output) });
  return writer.write("OutputArgs", {
    ...{ steps, inputSize, classes, packedKernel: weights(kernel) },
    bias: weights(parameterName(firstParameter + 1)),
    transposedKernel: transposed(kernel),
    ...workspace.output,
    ...{ scale: 0, smoothing: settings.smoothing, rows: 0 },
    dPanels: buffers("dLogitPanels"),
    dPanelStride: panelStride(settings.targetRows, 8),
    ...results,
  });
}

function writeRecurrent(
  { writer, places: pass, settings: { train } }: PassWriter,
  { layer, places, rows }: PlacedRecurrent,
): number {
  return writer.write("RecurrentArgs", {
    ...placeRecurrent(pass, { layer, index: pass.network.layers.indexOf(layer) }),
    ...{ input: 2, every: 1, keep: Number(train), begin: NEVER },
    ...places,
    ...{ rows: 0, panelStride: panelStride(rows, 4) },
    ...{ dzSumPanels: 0, dzSumCandidatePanels: 0, dzSumStride: 0 },
    ...{ firstProducts: 0, firstStates: 0, allCarried: 0 },
  });
}
