/** The first time step of characters, computed once for every character: its buffers and jobs. See recurrent/first_step.as. @module */
import type { RecurrentLayer, RepeatNetwork } from "../../network/network.ts";
import { countPanels, recurrentLayers, widthOf } from "./layer_sizes.ts";
import type { Job } from "./thread_pool.ts";
import { laneBytes, type Layout, layOut } from "./layout.ts";
import type { LayerPlaces } from "./workspace.ts";

/** Gives the layer that looks up characters. */
export function characterLayer(network: RepeatNetwork): RecurrentLayer {
  return recurrentLayers(network)[0]!;
}

/** Places the buffers of a panel of 8 characters. */
function panelLayout(layer: RecurrentLayer): Layout {
  const lanes = laneBytes(layer.hiddenSize), gates = laneBytes(widthOf(layer));
  const cells = layer.cell === "lstm" ? lanes : 0;
  return layOut([
    ["characters", 8],
    ["gates", 2 * gates],
    ...[["cells", cells], ["squashed", cells], ["states", lanes]] as const,
    ["reset", layer.cell === "gru" ? lanes : 0],
    ["carried", layer.cell === "simple" ? 0 : lanes],
    ["dStates", lanes],
  ]);
}

/** Gives the bytes from panel to panel of characters. */
export function firstPanelBytes(network: RepeatNetwork): number {
  return panelLayout(characterLayer(network)).sizeBytes;
}

/** Gives the places of the layer's buffers in a panel of characters. There are two time steps of gates, and one of all else. */
export function firstStepPlaces(network: RepeatNetwork): LayerPlaces {
  const layer = characterLayer(network);
  const layout = panelLayout(layer);
  const at = (name: string): number => layout.at(0, name);
  return {
    characters: at("characters"),
    ...{ gates: at("gates"), gateStep: laneBytes(widthOf(layer)) },
    ...{ cells: at("cells"), squashed: at("squashed"), cellStep: 0 },
    ...{ states: at("states"), stateStep: 0, inputs: 0, inputStep: 0, projected: 0 },
    ...{ reset: at("reset"), dStates: at("dStates"), dStateStep: 0, carried: at("carried") },
    ...{ dInputs: 0, dInputStep: 0 },
  };
}

/** Gives the names and sizes of the buffers of all characters, and of the tables in which examples look up rows. */
export function firstStepSizes(network: RepeatNetwork): (readonly [name: string, bytes: number])[] {
  const layer = characterLayer(network);
  const V = network.sourceVocabularySize;
  return [
    ["firstWork", countPanels(V) * firstPanelBytes(network)],
    ["firstProducts", 4 * V * widthOf(layer)],
    ["firstStates", layer.cell === "simple" ? 0 : 4 * V * layer.hiddenSize],
  ];
}

/** Makes the job of a kernel that takes 8 characters a task. */
export function firstStepJob(
  { sourceVocabularySize }: RepeatNetwork,
  kernel: "firstStepForward" | "firstStepBackward",
  args: number,
): Job {
  return { kernel, args, tasks: countPanels(sourceVocabularySize) };
}
