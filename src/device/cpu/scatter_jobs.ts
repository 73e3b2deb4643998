/** The gradient of rows that were looked up by characters. @module */
import type { RecurrentLayer } from "../../network/network.ts";
import type { ArgumentWriter } from "./arguments.ts";
import { firstPanelBytes, firstStepPlaces } from "./first_step.ts";
import { columnParts, type GradientPlan, groupOf } from "./gradient_plan.ts";
import { recurrentLayers, widthOf } from "./layer_sizes.ts";
import { panelStride } from "./layout.ts";
import { parameterName } from "./parts.ts";
import type { Job } from "./thread_pool.ts";

/** Features per task of `sumCarried`: `FEATURES` of first_step.as. */
const SUM_FEATURES = 32;

/** dW of one-hot inputs, for all time steps that are not shared; and the sums of the second by first character if the first is. */
export function scatterJobs(
  writer: ArgumentWriter,
  plan: GradientPlan,
  layer: RecurrentLayer,
): Job[] {
  const { buffers, network } = plan.places;
  const { rows, roomRows, isShared, examples } = plan.settings;
  const { timeSteps: steps, firstParameter } = layer;
  const classes = network.sourceVocabularySize;
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
export function sumCarried(writer: ArgumentWriter, plan: GradientPlan): Job[] {
  const { buffers, network } = plan.places;
  const { cell, hiddenSize: features } = recurrentLayers(network)[0]!;
  if (cell === "simple") return [];
  return [{
    kernel: "sumCarried",
    args: writer.write("SumCarriedArgs", {
      ...{ characters: buffers("allCharacters"), examples: plan.settings.examples },
      ...{ rows: network.sourceVocabularySize, features, from: buffers("allCarried") },
      to: buffers("firstWork") + firstStepPlaces(network).carried,
      toStride: firstPanelBytes(network),
    }),
    tasks: Math.ceil(features / SUM_FEATURES),
  }];
}
