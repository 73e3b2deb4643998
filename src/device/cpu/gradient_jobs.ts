/** The jobs that make the gradients of all parameters from what the rows have left. @module */
import type { RecurrentLayer } from "../../network/network.ts";
import type { ArgumentWriter } from "./arguments.ts";
import { firstPanelBytes, firstStepJob, firstStepPlaces } from "./first_step.ts";
import { denseLayer, recurrentLayers, splitOf, widthOf } from "./layer_sizes.ts";
import { panelStride } from "./layout.ts";
import { parameterName } from "./parts.ts";
import {
  firstStepRows,
  type PassArguments,
  type PassPlaces,
  type PassSettings,
} from "./pass_arguments.ts";
import type { Job, Phase } from "./thread_pool.ts";
import { divideSquares, edgeBytes, firstGradient, lastGradient } from "./training_layout.ts";

/** What the jobs are made of. */
export interface GradientPlan {
  readonly places: PassPlaces;
  readonly settings: PassSettings;
  readonly threads: number;
  readonly pass: PassArguments;
  /** Whether the squares of the gradients are summed, for their norm. */
  readonly isClipped: boolean;
}

/** Most panels of columns that share each read of the rows; fewer if threads would be idle. */
const MOST_COLUMN_PANELS = 4;

/** Features per task of `sumCarried`: `FEATURES` of first_step.as. */
const SUM_FEATURES = 32;

/**
 * Makes the phases of the gradients. If the first time step is shared, its way back needs the sums of the second by first character, and
 * the product for the recurrent kernel needs them in place of that time step. The other products are divided so that no thread is idle.
 */
export function gradientPhases(writer: ArgumentWriter, plan: GradientPlan): Phase[] {
  const { network } = plan.places;
  const layers = recurrentLayers(network);
  const ofStates = layers.map((layer, i) => stateProducts(writer, plan, { layer, index: i }));
  const ofInputs = layers.map((layer, i) =>
    layer.input === "indices"
      ? scatterJobs(writer, plan, layer)
      : inputProducts(writer, plan, { layer, index: i })
  );
  const jobs = [...ofInputs.flat(), ...ofStates.slice(1).flat(), denseProduct(writer, plan)];
  if (!plan.settings.isShared) {
    return [[...jobs, ...ofStates[0]!], squareJobs(writer, plan)];
  }
  const back = firstStepJob(network, "firstStepBackward", plan.pass.first);
  return [
    [...sumCarried(writer, plan), ...jobs],
    [back, ...ofStates[0]!],
    squareJobs(writer, plan),
  ];
}

/** Some columns of dz of a layer, and their buffers. */
interface Columns {
  readonly column: number;
  readonly columns: number;
  /** Suffix of the buffers' names. */
  readonly suffix: "Panels" | "CandidatePanels";
  /** Factor of the recurrent kernel, from the time step before. */
  readonly states: "statePanels" | "resetPanels";
  /** Offset of their edges. */
  readonly edges: number;
}

/** Divides dz: for GRU into the columns of the two gates and those of the candidate, else into one part. */
function columnParts(layer: RecurrentLayer): Columns[] {
  const split = splitOf(layer), width = widthOf(layer);
  const gates: Columns = {
    ...{ column: 0, columns: split, edges: 0 },
    ...{ suffix: "Panels", states: "statePanels" },
  };
  if (split === width) return [gates];
  return [gates, {
    ...{ column: split, columns: width - split, edges: 2 * edgeBytes(split) },
    ...{ suffix: "CandidatePanels", states: "resetPanels" },
  }];
}

interface PlacedLayer {
  readonly layer: RecurrentLayer;
  readonly index: number;
}

/**
 * dU = sum over t >= 1 of h_{t-1}ᵀ dz_t: one product over all time steps. For one time step it is a product over no rows: zero.
 * If the first time step is shared, the rows of t = 1 are those of the characters, except for GRU's candidate, because r h differs per
 * example.
 */
function stateProducts(
  writer: ArgumentWriter,
  plan: GradientPlan,
  { layer, index }: PlacedLayer,
): Job[] {
  const { buffers, network } = plan.places;
  const { rows, roomRows, isShared } = plan.settings;
  const { timeSteps: T, hiddenSize, firstParameter } = layer;
  return columnParts(layer).map(({ column, columns, suffix, states, edges }) => {
    const isSummed = isShared && layer.input === "indices" && states === "statePanels";
    const skipped = isSummed ? rows - firstStepRows(network) : 0;
    return product(writer, plan, {
      a: buffers(`dz${suffix} ${index}`) + 32 * (rows + skipped),
      aStride: panelStride(T * roomRows, 8),
      b: buffers(`${states} ${index}`) + 16 * skipped,
      bStride: panelStride(T * roomRows, 4),
      out: buffers(parameterName(firstParameter + 1)) + 4 * column,
      outStride: 4 * widthOf(layer),
      depth: rows * (T - 1) - skipped,
      ...{ columns, rows: hiddenSize, bias: 0 },
      edges: buffers(`edges ${index}`) + edges,
    });
  });
}

/** dW = xᵀ dz and db, over all time steps, or over the sum of dz for a repeated input. x is what the layer below left. */
function inputProducts(
  writer: ArgumentWriter,
  plan: GradientPlan,
  { layer, index }: PlacedLayer,
): Job[] {
  const { buffers, network } = plan.places;
  const { rows, roomRows } = plan.settings;
  const below = recurrentLayers(network)[index - 1]!;
  const isRepeated = layer.input === "repeated";
  const { timeSteps: T, inputSize, firstParameter } = layer;
  const last = isRepeated ? 16 * rows * (below.timeSteps - 1) : 0;
  return columnParts(layer).map(({ column, columns, suffix, edges }) =>
    product(writer, plan, {
      a: buffers(`${isRepeated ? "dzSum" : "dz"}${suffix} ${index}`),
      aStride: panelStride(isRepeated ? roomRows : T * roomRows, 8),
      b: buffers(`statePanels ${index - 1}`) + last,
      bStride: panelStride(below.timeSteps * roomRows, 4),
      out: buffers(parameterName(firstParameter)) + 4 * column,
      outStride: 4 * widthOf(layer),
      depth: isRepeated ? rows : rows * T,
      ...{ columns, rows: inputSize },
      edges: buffers(`edges ${index}`) + edges + edgeBytes(columns),
      bias: buffers(parameterName(firstParameter + 2)) + 4 * column,
    })
  );
}

function denseProduct(writer: ArgumentWriter, plan: GradientPlan): Job {
  const { buffers, network } = plan.places;
  const { rows, roomRows } = plan.settings;
  const { timeSteps: T, inputSize, outputSize, firstParameter } = denseLayer(network);
  return product(writer, plan, {
    ...{ a: buffers("dLogitPanels"), aStride: panelStride(T * roomRows, 8) },
    b: buffers(`statePanels ${recurrentLayers(network).length - 1}`),
    bStride: panelStride(T * roomRows, 4),
    ...{ out: buffers(parameterName(firstParameter)), outStride: 4 * outputSize },
    ...{ depth: rows * T, columns: outputSize, rows: inputSize, edges: buffers("edges") },
    bias: buffers(parameterName(firstParameter + 1)),
  });
}

type Product = Omit<Parameters<typeof writeProduct>[1], "group">;

function product(writer: ArgumentWriter, { threads }: GradientPlan, values: Product): Job {
  const group = groupOf(values.columns, threads);
  return {
    kernel: "multiplyPanels",
    args: writeProduct(writer, { ...values, group }),
    tasks: Math.ceil(Math.ceil(values.columns / 8) / group),
  };
}

function writeProduct(
  writer: ArgumentWriter,
  values: Parameters<typeof writer.write<"ProductArgs">>[1],
): number {
  return writer.write("ProductArgs", values);
}

/** Gives the panels of 8 columns of a task. Results do not depend on it. */
function groupOf(columns: number, threads: number): number {
  return Math.max(1, Math.min(MOST_COLUMN_PANELS, Math.floor(columns / 8 / (4 * threads))));
}

/** dW of one-hot inputs, for all time steps that are not shared; and the sums of the second by first character if the first is. */
function scatterJobs(writer: ArgumentWriter, plan: GradientPlan, layer: RecurrentLayer): Job[] {
  const { buffers, network } = plan.places;
  const { rows, roomRows, isShared, examples } = plan.settings;
  const { timeSteps: steps, firstParameter } = layer;
  const classes = network.vocabularySize;
  return columnParts(layer).map(({ column, columns, suffix }) => {
    const group = groupOf(columns, plan.threads);
    const isSummed = isShared && suffix === "Panels";
    return {
      kernel: "scatterRows",
      args: writer.write("ScatterArgs", {
        ...{ characters: buffers("allCharacters"), examples, steps, begin: Number(isShared), rows },
        panels: buffers(`dz${suffix} 0`),
        panelStride: panelStride(steps * roomRows, 8),
        ...{ columns, group, classes },
        out: buffers(parameterName(firstParameter)) + 4 * column,
        outStride: 4 * widthOf(layer),
        sums: buffers("scatterSums") + 32 * classes * Math.ceil(column / 8),
        first: isSummed ? secondStepGates(plan) : 0,
        firstStride: firstPanelBytes(network),
      }),
      tasks: Math.ceil(Math.ceil(columns / 8) / group),
    };
  });
}

/** The gates of the second time step in the panels of characters. */
function secondStepGates({ places: { buffers, network } }: GradientPlan): number {
  const { gates, gateStep } = firstStepPlaces(network);
  return buffers("firstWork") + gates + gateStep;
}

/** Sums, by first character, what the second time step carries back past its gates. */
function sumCarried(writer: ArgumentWriter, plan: GradientPlan): Job[] {
  const { buffers, network } = plan.places;
  const { cell, hiddenSize: features } = recurrentLayers(network)[0]!;
  if (cell === "simple") return [];
  return [{
    kernel: "sumCarried",
    args: writer.write("SumCarriedArgs", {
      ...{ characters: buffers("allCharacters"), examples: plan.settings.examples },
      ...{ rows: network.vocabularySize, features, from: buffers("allCarried") },
      to: buffers("firstWork") + firstStepPlaces(network).carried,
      toStride: firstPanelBytes(network),
    }),
    tasks: Math.ceil(features / SUM_FEATURES),
  }];
}

/** Makes the gradient of the bias whose layer looks characters up, and sums the squares of all gradients. */
function squareJobs(writer: ArgumentWriter, plan: GradientPlan): Job[] {
  const { buffers, network } = plan.places;
  const { count, chunk, tasks, biasTasks } = divideSquares(network);
  const { firstParameter, inputSize, gates, hiddenSize } = recurrentLayers(network)[0]!;
  const bias: Job = {
    kernel: "sumKernelRows",
    args: writer.write("SumRowsArgs", {
      ...{ from: buffers(parameterName(firstParameter)), rows: inputSize },
      ...{ columns: gates * hiddenSize, out: buffers(lastGradient(network)) },
      squares: buffers("squares") + 8 * tasks,
    }),
    tasks: biasTasks,
  };
  if (!plan.isClipped) return [bias];
  const values = buffers(firstGradient(network)), sums = buffers("squares");
  const args = writer.write("SquaresArgs", { values, count, chunk, sums });
  return [bias, { kernel: "sumSquares", args, tasks }];
}
