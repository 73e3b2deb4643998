/** Where the variables of a model are in Keras' weight files. @module */
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { describeLayers, type Layer } from "../../network/layers.ts";
import type { Hdf5Dataset, Hdf5Group } from "../hdf5/hdf5_tree.ts";
import { describePortable, PORTABLE_KEY } from "../portable.ts";
import { SEQUENTIAL_NAME } from "./keras_layers.ts";
import { listOptimizerVariables, optimizerName, toDataset } from "./keras_optimizer.ts";

/**
 * Lists the groups of a layer with variables or without, and the name that each has in Keras, as `keras.saving` does: `vars` for its
 * own, then that of the part which has the parameters.
 */
function partOf({ type, name }: Layer): { readonly group: string; readonly name: string } | null {
  if (type === "TimeDistributed(Dense)") return { group: "layer", name: "dense" };
  if (type === "LSTM" || type === "GRU" || type === "SimpleRNN") {
    return { group: "cell", name: `${name.replace(/_\d+$/, "")}_cell` };
  }
  return null;
}

/**
 * Makes the tree of a weight file: `layers/lstm/cell/vars/0` and so on, with the parameters in the order of describeLayers.
 *
 * @param learningRate that of the optimiser whose state is written; undefined: it is not
 */
export function makeWeightTree(
  checkpoint: Checkpoint,
  learningRate: number | undefined,
): Hdf5Group {
  const values = new Map(checkpoint.parameters.map((tensor) => [tensor.name, toDataset(tensor)]));
  const layers = describeLayers(checkpoint.model).map((layer) =>
    [layer.name, makeLayer(layer, values)] as const
  );
  const optimizer = learningRate === undefined ? [] : [
    [
      "optimizer",
      makeGroup([[
        "vars",
        makeVariables(
          optimizerName(checkpoint.training),
          listOptimizerVariables(checkpoint, learningRate),
        ),
      ]]),
    ] as const,
  ];
  return makeGroup(
    [["layers", makeGroup(layers)], ...optimizer, ["vars", makeVariables(SEQUENTIAL_NAME, [])]],
    [[PORTABLE_KEY, describePortable(checkpoint)]],
  );
}

function makeLayer(layer: Layer, values: ReadonlyMap<string, Hdf5Dataset>): Hdf5Group {
  const own = ["vars", makeVariables(layer.name, [])] as const;
  const part = partOf(layer);
  if (part === null) return makeGroup([own]);
  const variables = makeVariables(
    part.name,
    layer.parameters.map(({ name }) => values.get(name)!),
  );
  return makeGroup([own, [part.group, makeGroup([["vars", variables]])]]);
}

/** Makes a group of variables: `0`, `1` and so on. */
function makeVariables(name: string, variables: readonly Hdf5Dataset[]): Hdf5Group {
  return makeGroup(variables.map((each, i) => [String(i), each] as const), [["name", name]]);
}

function makeGroup(
  members: readonly (readonly [string, Hdf5Group | Hdf5Dataset])[],
  attributes: readonly (readonly [string, string])[] = [],
): Hdf5Group {
  return { type: "group", attributes: new Map(attributes), members: new Map(members) };
}
