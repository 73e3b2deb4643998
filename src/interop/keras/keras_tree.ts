/** Takes what is known out of the tree of a Keras file. What is left is not known, and is refused. @module */
import type { Hdf5Dataset, Hdf5Group } from "../hdf5/hdf5_tree.ts";
import { quoteName } from "../quote_name.ts";
import { refuse } from "./keras_fault.ts";
import type { FoundTensor } from "./weighted_layers.ts";

/** A tree, of which tensors are taken one by one. */
export interface KerasTree {
  readonly root: Hdf5Group;
  /** The tensors that nobody has taken, by path. */
  readonly left: Map<string, Hdf5Dataset>;
}

/** Lists the tensors of a file. */
export function openTree(root: Hdf5Group): KerasTree {
  const left = new Map<string, Hdf5Dataset>();
  const walk = (group: Hdf5Group, path: string): void => {
    for (const [name, member] of group.members) {
      if (member.type === "dataset") left.set(path + name, member);
      else walk(member, `${path}${name}/`);
    }
  };
  walk(root, "");
  return { root, left };
}

/** Finds a group by its path; undefined if there is none. */
export function findGroup({ root }: KerasTree, path: string): Hdf5Group | undefined {
  let found: Hdf5Group | Hdf5Dataset | undefined = root;
  for (const name of path.split("/")) {
    found = found?.type === "group" ? found.members.get(name) : undefined;
  }
  return found?.type === "group" ? found : undefined;
}

/** Takes a tensor. @throws {SyntaxError} if it is missing, or was taken before */
export function takeTensor({ left }: KerasTree, path: string): FoundTensor {
  const tensor = left.get(path);
  if (tensor === undefined) throw refuse(`it must hold ${quoteName(path)} once, but does not`);
  left.delete(path);
  return { path, tensor };
}

/** Takes the tensors `0`, `1`, … of a group. */
export function takeNumbered(tree: KerasTree, path: string): FoundTensor[] {
  const tensors: FoundTensor[] = [];
  while (tree.left.has(`${path}/${tensors.length}`)) {
    tensors.push(takeTensor(tree, `${path}/${tensors.length}`));
  }
  return tensors;
}

/** Forgets what is below a group. */
export function leaveOut({ left }: KerasTree, path: string): void {
  for (const name of [...left.keys()]) if (name.startsWith(`${path}/`)) left.delete(name);
}

/** Refuses what nobody has taken. */
export function checkAllTaken({ left }: KerasTree): void {
  const [path] = left.keys();
  if (path === undefined) return;
  throw refuse(`it must hold only what a model here has, but holds ${quoteName(path)}`);
}
