/** The buffers of passes through a network with attention. @module */
import type { AttentionNetwork, RecurrentLayer } from "../../../network/network.ts";
import { countPanels, splitOf, widthOf } from "../layer_sizes.ts";
import { type Layout, layOut, panelBytes } from "../layout.ts";
import { parameterSizes, transposedSizes } from "../parts.ts";
import type { RowDivision } from "../pass_size.ts";
import { SUM_BYTES } from "../sums.ts";
import {
  divideSquares,
  edgeBytes,
  PLANS,
  type TrainingSize,
  updateBytes,
} from "../training_layout.ts";
import { layOutAttention } from "./attention_workspace.ts";
import { spanBytes } from "./spans.ts";

/** Weights of more bytes than this do not stay in the second-level cache, so several panels share each read of them. */
const CACHED_WEIGHT_BYTES = 4 << 20;

/** Most panels of a task. */
const MOST_PANELS = 4;

/** Bytes of the arguments of one layer: of itself, and of the products for its gradients. */
const LAYER_ARGUMENT_BYTES = 1024;

/** Gives the bytes to reserve for the arguments of all jobs of a pass. */
export function attentionArgumentBytes({ layers }: AttentionNetwork): number {
  return LAYER_ARGUMENT_BYTES * (layers.length + 4);
}

/** Divides the panels of a pass. Results do not depend on it. */
export function divideAttention(
  network: AttentionNetwork,
  { panels, threads }: { readonly panels: number; readonly threads: number },
): RowDivision {
  const weights = network.parameters.reduce(
    (sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b, 1),
    0,
  );
  const shared = weights <= CACHED_WEIGHT_BYTES ? 1 : Math.floor(panels / (2 * threads));
  const group = Math.max(1, Math.min(MOST_PANELS, shared));
  return { group, slots: Math.min(threads, Math.ceil(panels / group)) };
}

/** Most rows that the panels for the gradients of weights hold. */
export function mostRows(
  { inputLength, outputLength }: AttentionNetwork,
  examples: number,
): { readonly sourceRows: number; readonly targetRows: number } {
  const lanes = 8 * countPanels(examples);
  return { sourceRows: lanes * inputLength, targetRows: lanes * outputLength };
}

/** Places all buffers of a training step. */
export function attentionTrainingLayout(
  network: AttentionNetwork,
  { examples, threads }: TrainingSize,
): Layout {
  const { hiddenSize: H, embeddingSize: E, targetVocabularySize: V } = network;
  const panels = countPanels(examples);
  const { group, slots } = divideAttention(network, { panels, threads });
  const { sourceRows: S, targetRows: R } = mostRows(network, examples);
  const side = (name: string, rows: number, symbols: number): [string, number][] => [
    [`${name}Panels`, panelBytes(rows, E, 4)],
    [`${name}Gradients`, panelBytes(rows, E, 8)],
    [`${name}Symbols`, rows],
    [`${name}Sums`, 32 * symbols * Math.ceil(E / 8)],
  ];
  return layOut([
    ["update", updateBytes(network)],
    ...Array.from(
      { length: PLANS },
      (_, i) => [`plan ${i}`, attentionArgumentBytes(network)] as const,
    ),
    ...transposedSizes(network),
    ...parameterSizes(network),
    ["squares", 8 * divideSquares(network).tasks],
    ["spans", spanBytes(examples)],
    ...side("source", S, network.sourceVocabularySize),
    ...side("target", R, V),
    ...network.encoder.slice(1).map((_, l) => [`encoderPanels ${l}`, panelBytes(S, H, 4)] as const),
    ...network.decoderLayers.map((_, k) => [`decoderPanels ${k}`, panelBytes(R, H, 4)] as const),
    ...network.encoder.flat().flatMap((layer) => recurrentSizes(network, layer, S)),
    ...network.decoderLayers.flatMap((layer) => recurrentSizes(network, layer, R)),
    ...["contextPanels", "combinedPanels"].map((name) => [name, panelBytes(R, H, 4)] as const),
    ...["dQueryPanels", "dCombinedPanels"].map((name) => [name, panelBytes(R, H, 8)] as const),
    ["dLogitPanels", panelBytes(R, V, 8)],
    ...["score", "context", "state"].map((name) => [`edges ${name}`, edgeBytes(H)] as const),
    ["edges output", edgeBytes(V)],
    ["sums", SUM_BYTES * panels],
    ["work", slots * group * layOutAttention(network, { train: true, drops: true }).panelBytes],
  ]);
}

/** The panels for the weight gradients of a recurrent layer. */
function recurrentSizes(
  network: AttentionNetwork,
  layer: RecurrentLayer,
  rows: number,
): [name: string, bytes: number][] {
  const index = network.layers.indexOf(layer);
  const width = widthOf(layer), split = splitOf(layer);
  const states = panelBytes(rows, layer.hiddenSize, 4);
  return [
    [`statePanels ${index}`, states],
    [`resetPanels ${index}`, layer.cell === "gru" ? states : 0],
    [`dzPanels ${index}`, panelBytes(rows, split, 8)],
    [`dzCandidatePanels ${index}`, panelBytes(rows, width - split, 8)],
    [`edges ${index}`, 2 * (edgeBytes(split) + edgeBytes(width - split))],
  ];
}
