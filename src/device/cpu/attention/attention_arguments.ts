/** The arguments of a pass of examples through a network with attention. @module */
import type { AttentionNetwork, RecurrentLayer } from "../../../network/network.ts";
import { dropoutSites } from "../../../random/dropout.ts";
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
  const { network, workspace, buffers, weights, transposed } = places;
  const { train, examples, group, slots, sourceRows, targetRows } = settings;
  const { encoder, decoderLayers, attention, output } = network;
  const sites = dropoutSites(encoder.length, decoderLayers.length);
  const vectors = (
    given: VectorPlaces,
    values: Partial<StructValues<"VectorArgs">> & { readonly rows: number },
  ): number => {
    const { rows, ...rest } = values;
    return writer.write("VectorArgs", {
      ...{ size: network.hiddenSize, site: -1, ...given, panels: 0 },
      ...{ panelStride: panelStride(rows, 4), table: 0, dPanels: 0 },
      ...{ dPanelStride: panelStride(rows, 8), symbols: 0 },
      ...rest,
    });
  };
  const embedding = (side: "source" | "target", rows: number): number => {
    const layer = network[`${side}Embedding`];
    return vectors(workspace[`${side}Embedding`], {
      ...{ rows, size: layer.outputSize, site: sites[`${side}Embedding`] },
      panels: buffers(`${side}Panels`),
      table: weights(parameterName(layer.firstParameter)),
      dPanels: buffers(`${side}Gradients`),
      symbols: buffers(`${side}Symbols`),
    });
  };
  const recurrent = (layer: PlacedRecurrent): number =>
    writer.write("RecurrentArgs", recurrentArguments(places, train, layer));
  const encoderArgs = encoder.map((directions, l) =>
    directions.map((layer, d) =>
      recurrent({ layer, places: workspace.encoder[l]![d]!, rows: sourceRows })
    )
  );
  const encoderVectors = encoder.map((_, l) =>
    vectors(workspace.encoderVectors[l]!, {
      ...{ rows: sourceRows, site: sites.encoder[l]!, panels: buffers(`encoderPanels ${l}`) },
    })
  );
  const decoderArgs = decoderLayers.map((layer, k) =>
    recurrent({ layer, places: workspace.decoder[k]!, rows: targetRows })
  );
  const decoderVectors = decoderLayers.map((_, k) =>
    vectors(workspace.decoderVectors[k]!, {
      ...{ rows: targetRows, site: sites.decoderLayers[k] ?? -1 },
      panels: buffers(`decoderPanels ${k}`),
    })
  );
  const at = network.layers.indexOf(attention);
  const copies = (role: PartRole): string => copyName({ role, layer: at });
  const attentionArgs = writer.write("AttentionArgs", {
    hidden: network.hiddenSize,
    ...{ score: weights(copies("score")), context: weights(copies("context")) },
    state: weights(copies("state")),
    transposedScore: transposed(copies("score")),
    transposedContext: transposed(copies("context")),
    transposedState: transposed(copies("state")),
    bias: weights(parameterName(attention.firstParameter + 2)),
    ...workspace.attention,
    ...{ panelStride: panelStride(targetRows, 4), contextPanels: buffers("contextPanels") },
    dQueryPanels: buffers("dQueryPanels"),
    dCombinedPanels: buffers("dCombinedPanels"),
    encoded: encoderVectors.at(-1)!,
    decoded: decoderVectors.at(-1)!,
    combined: vectors(workspace.combined, {
      ...{ rows: targetRows, site: sites.attention, panels: buffers("combinedPanels") },
    }),
  });
  const kernel = copyName({ role: "kernel", layer: network.layers.indexOf(output) });
  const outputArgs = writer.write("OutputArgs", {
    ...{ steps: network.outputLength, inputSize: output.inputSize },
    ...{ classes: output.outputSize, packedKernel: weights(kernel) },
    bias: weights(parameterName(output.firstParameter + 1)),
    transposedKernel: transposed(kernel),
    ...workspace.output,
    ...{ scale: 0, smoothing: settings.smoothing, rows: 0 },
    ...{ dPanels: buffers("dLogitPanels"), dPanelStride: panelStride(targetRows, 8) },
    ...results,
  });
  const rows = writer.write("AttentionRowsArgs", {
    ...{ examples, group, train: Number(train), ...input },
    ...{ inputLength: network.inputLength, outputLength: network.outputLength },
    sourcePadding: network.sourcePadding ?? -1,
    targetPadding: network.targetPadding ?? -1,
    ...{ spans: buffers("spans"), work: buffers("work"), slots },
    panelBytes: workspace.panelBytes,
    ...{ encoder: encoderArgs[0]![0]!, encoderLayers: encoder.length },
    ...{ directions: encoder[0]!.length, encoderVectors: encoderVectors[0]! },
    ...{ decoder: decoderArgs[0]!, decoderLayers: decoderLayers.length },
    decoderVectors: decoderVectors[0]!,
    sourceEmbedding: embedding("source", sourceRows),
    targetEmbedding: embedding("target", targetRows),
    attention: attentionArgs,
    output: outputArgs,
    ...workspace.common,
    ...{ stepKey: 0, threshold: 0, keptFactor: 1 },
  });
  return { rows, output: outputArgs };
}

function recurrentArguments(
  pass: AttentionPlaces,
  train: boolean,
  { layer, places, rows }: PlacedRecurrent,
): StructValues<"RecurrentArgs"> {
  return {
    ...placeRecurrent(pass, { layer, index: pass.network.layers.indexOf(layer) }),
    ...{ input: 2, every: 1, keep: Number(train), begin: NEVER },
    ...places,
    ...{ rows: 0, panelStride: panelStride(rows, 4) },
    ...{ dzSumPanels: 0, dzSumCandidatePanels: 0, dzSumStride: 0 },
    ...{ firstProducts: 0, firstStates: 0, allCarried: 0 },
  };
}
