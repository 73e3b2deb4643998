/** The buffers of a training step. @module */
import type { Network, RepeatNetwork } from "../../network/network.ts";
import { characterLayer, firstStepSizes } from "./first_step.ts";
import {
  countPanels,
  denseLayer,
  recurrentLayers,
  sharesFirstStep,
  splitOf,
  widthOf,
} from "./layer_sizes.ts";
import { laneBytes, type Layout, layOut, panelBytes } from "./layout.ts";
import { partTableBytes } from "./part_table.ts";
import { listParts, parameterName, parameterSizes, transposedSizes } from "./parts.ts";
import { argumentBytes, divideRows } from "./pass_size.ts";
import { structBytes } from "./structs.ts";
import { SUM_BYTES } from "./sums.ts";
import { layOutWorkspace } from "./workspace.ts";

/** Number of plans whose arguments have a place: of a whole batch, and of another size. */
export const PLANS = 2;

/** A batch size, and a number of threads. */
export interface TrainingSize {
  /** Most examples of a batch. */
  readonly examples: number;
  readonly threads: number;
}

/** Places all buffers. */
export function trainingLayout(
  network: RepeatNetwork,
  { examples, threads }: TrainingSize,
): Layout {
  const panels = countPanels(examples), rows = 8 * panels;
  const { group, slots } = divideRows(network, { panels, threads });
  const { tasks, biasTasks } = divideSquares(network);
  const isShared = sharesFirstStep(network, examples);
  return layOut([
    ["update", updateBytes(network)],
    ...Array.from({ length: PLANS }, (_, i) => [`plan ${i}`, argumentBytes(network)] as const),
    ...transposedSizes(network),
    ...gradientSizes(network),
    ["squares", 8 * (tasks + biasTasks)],
    ...(isShared ? firstStepSizes(network) : []),
    ["allCarried", isShared ? panels * carriedBytes(network) : 0],
    ["allCharacters", network.inputLength * rows],
    ["scatterSums", scatterBytes(network)],
    ...recurrentLayers(network).flatMap((_, i) => layerSizes(network, i, rows)),
    ["dLogitPanels", panelBytes(rows * network.outputLength, network.targetVocabularySize, 8)],
    ["edges", edgeBytes(denseLayer(network).outputSize)],
    ["sums", SUM_BYTES * panels],
    ["work", slots * group * layOutWorkspace(network, true).panelBytes],
  ]);
}

/** Gives the bytes of the arguments of an update. */
export function updateBytes(network: Network): number {
  return structBytes("AdamArgs") + partTableBytes(listParts(network));
}

/** Gives the bytes that incomplete tiles of a product need. */
export function edgeBytes(columns: number): number {
  return 128 * Math.ceil(columns / 8);
}

/**
 * Gives the names and sizes of the gradients. The last is that of the bias whose layer looks characters up, which is summed with its
 * squares; the squares of all others are summed as those of one list, in which the gaps stay zero.
 */
function gradientSizes(network: RepeatNetwork): (readonly [name: string, bytes: number])[] {
  const last = lastGradient(network);
  const sizes = parameterSizes(network);
  return [...sizes.filter(([name]) => name !== last), ...sizes.filter(([name]) => name === last)];
}

/** The name of the gradient that is placed last. */
export function lastGradient(network: RepeatNetwork): string {
  return parameterName(characterLayer(network).firstParameter + 2);
}

/** The name of the gradient that is placed first. */
export function firstGradient(network: RepeatNetwork): string {
  return gradientSizes(network)[0]![0];
}

/** How the sums of squares are divided into tasks. */
export interface SquareDivision {
  /** Number of values of the list, and of a task. */
  readonly count: number;
  readonly chunk: number;
  readonly tasks: number;
  /** Tasks of the gradient that is placed last; 0 if it is summed as the others are. */
  readonly biasTasks: number;
}

/** Values of one task of the sums of squares, at least; and about the largest number of tasks, because every task of an update adds all sums. */
const SQUARE_VALUES = 4096;
const MOST_SQUARES = 512;

/** Columns of one task of `sumKernelRows`: `COLUMNS` of scatter.as. */
const SUM_COLUMNS = 512;

/** Divides the sums of squares. */
export function divideSquares(network: Network): SquareDivision {
  const isRepeat = network.decoder === "repeat";
  const listed = isRepeat ? gradientSizes(network).slice(0, -1) : parameterSizes(network);
  const count = layOut(listed).sizeBytes / 4;
  const chunk = Math.max(SQUARE_VALUES, 2 * Math.ceil(count / MOST_SQUARES / 2));
  return {
    ...{ count, chunk, tasks: Math.ceil(count / chunk) },
    biasTasks: isRepeat ? Math.ceil(widthOf(characterLayer(network)) / SUM_COLUMNS) : 0,
  };
}

function carriedBytes(network: RepeatNetwork): number {
  const { cell, hiddenSize } = characterLayer(network);
  return cell === "simple" ? 0 : laneBytes(hiddenSize);
}

function scatterBytes(network: RepeatNetwork): number {
  const layer = characterLayer(network), split = splitOf(layer);
  const panels = Math.ceil(split / 8) + Math.ceil((widthOf(layer) - split) / 8);
  return 32 * network.sourceVocabularySize * panels;
}

/** The panels for the weight gradients of a recurrent layer. */
function layerSizes(
  network: RepeatNetwork,
  index: number,
  rows: number,
): [name: string, bytes: number][] {
  const layer = recurrentLayers(network)[index]!;
  const { cell, hiddenSize: H, timeSteps: T, input } = layer;
  const width = widthOf(layer), split = splitOf(layer);
  const states = panelBytes(rows * T, H, 4);
  const once = (columns: number): number => input === "repeated" ? panelBytes(rows, columns, 8) : 0;
  return [
    [`statePanels ${index}`, states],
    [`resetPanels ${index}`, cell === "gru" ? states : 0],
    [`dzPanels ${index}`, panelBytes(rows * T, split, 8)],
    [`dzCandidatePanels ${index}`, panelBytes(rows * T, width - split, 8)],
    [`dzSumPanels ${index}`, once(split)],
    [`dzSumCandidatePanels ${index}`, once(width - split)],
    [`edges ${index}`, 2 * (edgeBytes(split) + edgeBytes(width - split))],
  ];
}
