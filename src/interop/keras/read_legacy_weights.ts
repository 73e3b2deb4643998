/** The parameters in the older `.h5` files: groups named after the layers, whose attributes list their tensors in order. @module */
import type { Hdf5Group } from "../hdf5/hdf5_tree.ts";
import { quoteName } from "../quote_name.ts";
import { findGroup, type KerasTree, takeTensor } from "./keras_tree.ts";
import { refuse } from "./keras_fault.ts";
import type { FoundTensor, WeightedLayer } from "./weighted_layers.ts";

/** Most parts of a list that was too long for one attribute. */
const MOST_PARTS = 100;

/** Takes the layers with parameters, in order. @param path of their group; "" for the root */
export function takeLegacyLayers(tree: KerasTree, path: string): WeightedLayer[] {
  const group = path === "" ? tree.root : findGroup(tree, path);
  if (group === undefined) throw refuse(`it must hold the group ${quoteName(path)}, but does not`);
  return readNames(group, path, "layer_names")
    .map((name) => ({ name, tensors: takeNamed(tree, path === "" ? name : `${path}/${name}`) }))
    .filter(({ tensors }) => tensors.length > 0);
}

/** Takes the tensors that a group lists. */
export function takeNamed(tree: KerasTree, path: string): FoundTensor[] {
  const group = findGroup(tree, path);
  if (group === undefined) throw refuse(`it must hold the group ${quoteName(path)}, but does not`);
  return readNames(group, path, "weight_names").map((name) => takeTensor(tree, `${path}/${name}`));
}

/** Reads a list of names, which may be in several attributes: `layer_names0`, `layer_names1`, … */
function readNames({ attributes }: Hdf5Group, path: string, name: string): string[] {
  const whole = attributes.get(name);
  const parts = whole !== undefined ? [whole] : Array.from(
    { length: MOST_PARTS },
    (_, i) => attributes.get(`${name}${i}`),
  ).filter((part) => part !== undefined);
  if (parts.length > 0 && parts.every((part) => Array.isArray(part))) {
    return parts.flat().map(String);
  }
  throw refuse(`the group ${quoteName(path)} must list its ${name}, but does not`);
}
