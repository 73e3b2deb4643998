/** The weight files of Keras 3 as trees. @module */
import type { ModelConfig } from "../../network/config.ts";
import { describeLayers } from "../../network/layers.ts";
import type { Hdf5Dataset, Hdf5Group } from "../hdf5/hdf5_tree.ts";
import { describePortable, PORTABLE_KEY } from "../portable.ts";
import type { KerasExport } from "./check_keras_export.ts";
import { listOptimizerVariables, optimizerName, toDataset } from "./keras_optimizer.ts";
import { listVariableGroups } from "./variable_groups.ts";

/**
 * Makes the tree of a weight file: `layers/lstm/cell/vars/0` and so on.
 *
 * @param learningRate that of the optimiser whose state is written; undefined: it is not
 */
export function makeWeightTree(
  checkpoint: KerasExport,
  learningRate: number | undefined,
): Hdf5Group {
  const tensors = new Map(checkpoint.parameters.map((tensor) => [tensor.name, tensor]));
  const groups = listVariableGroups(checkpoint.model);
  const layers = groups.map(({ path, name, parameters }) =>
    [
      ["layers", ...path, "vars"],
      makeVariables(name, parameters.map((each) => toDataset(tensors.get(each.name)!))),
    ] as const
  );
  const placed = [...layers, ...listEmpty(checkpoint.model)];
  if (learningRate === undefined) return makeTree(checkpoint, placed);
  const order = groups.flatMap(({ parameters }) => parameters.map(({ name }) => name));
  const state = listOptimizerVariables(checkpoint, order, learningRate);
  const name = optimizerName(checkpoint.training);
  return makeTree(checkpoint, [...placed, [["optimizer", "vars"], makeVariables(name, state)]]);
}

/** A group, and its place in the file. */
type Placed = readonly [path: readonly string[], group: Hdf5Group];

/** Lists the groups of what has no variables of its own, without which Keras 3.5 does not load a `Sequential`. */
function listEmpty(model: ModelConfig): Placed[] {
  const own = describeLayers(model).map(({ name }): Placed => [
    ["layers", name, "vars"],
    makeVariables(name, []),
  ]);
  return [[["vars"], makeVariables("model", [])], ...(model.decoder === "repeat" ? own : [])];
}

function makeTree(checkpoint: KerasExport, placed: readonly Placed[]): Hdf5Group {
  const { members } = nest(placed);
  const attributes = new Map([[PORTABLE_KEY, describePortable(checkpoint)]]);
  return { type: "group", attributes, members };
}

/** Puts groups into groups, as their paths say. */
function nest(placed: readonly Placed[]): Hdf5Group {
  const names = [...new Set(placed.map(([[name]]) => name!))];
  const members = names.map((name) => {
    const inside = placed.filter(([[first]]) => first === name);
    const [path, group] = inside[0]!;
    const deeper = inside.map(([[, ...rest], each]): Placed => [rest, each]);
    return [name, path.length === 1 ? group : nest(deeper)] as const;
  });
  return { type: "group", attributes: new Map(), members: new Map(members) };
}

/** Makes a group of variables: `0`, `1` and so on. */
function makeVariables(name: string, variables: readonly Hdf5Dataset[]): Hdf5Group {
  return {
    ...{ type: "group", attributes: new Map([["name", name]]) },
    members: new Map(variables.map((each, i) => [String(i), each])),
  };
}
