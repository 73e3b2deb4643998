/** The parameters in the files of Keras 3: `.weights.h5`, and `model.weights.h5` in a `.keras` archive. @module */
import { cellType } from "../../network/layers.ts";
import type { Cell } from "../../network/config.ts";
import { findGroup, type KerasTree, takeNumbered } from "./keras_tree.ts";
import { refuse } from "./keras_fault.ts";
import type { KerasConfig } from "./parse_config.ts";
import type { WeightedLayer } from "./weighted_layers.ts";

/** Keras names the groups of layers after their classes: `lstm`, `lstm_1`, whatever the layers' own names are. */
const GROUPS: Readonly<Record<Cell, string>> = { lstm: "lstm", gru: "gru", simple: "simple_rnn" };

/** Takes the layers with parameters in order. @param config what the file says of its layers, if it does */
export function takeLayers(tree: KerasTree, config: KerasConfig | undefined): WeightedLayer[] {
  const { cell, layers, output } = config ?? findLayers(tree);
  const recurrent = Array.from({ length: layers + 1 }, (_, i) => {
    const name = i === 0 ? GROUPS[cell] : `${GROUPS[cell]}_${i}`;
    return { name, tensors: takeNumbered(tree, `layers/${name}/cell/vars`) };
  });
  const [name, path] = output === "Dense"
    ? ["dense", "layers/dense/vars"]
    : ["time_distributed", "layers/time_distributed/layer/vars"];
  return [...recurrent, { name: name!, tensors: takeNumbered(tree, path!) }];
}

/** Finds the layers by the names of their groups. */
function findLayers(tree: KerasTree): Pick<KerasConfig, "cell" | "layers" | "output"> {
  const names = [...findGroup(tree, "layers")?.members.keys() ?? []];
  const cells = Object.entries(GROUPS).filter(([, base]) => names.includes(base));
  const [found] = cells;
  if (found === undefined || cells.length > 1) {
    throw refuse(
      `its recurrent layers must be of one type, but are of ${
        cells.map(([cell]) => cellType(cell as Cell)).join(" and ") || "none"
      }`,
    );
  }
  const [cell, base] = found as [Cell, string];
  let layers = 0;
  while (names.includes(`${base}_${layers + 1}`)) layers++;
  return { cell, layers, output: names.includes("dense") ? "Dense" : "TimeDistributed" };
}
