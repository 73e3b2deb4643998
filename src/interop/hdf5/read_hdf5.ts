/**
 * Reads HDF5 files as Keras and h5py write them, strictly. Everything but groups, datasets of numbers and attributes is refused by its
 * name: links to elsewhere, values in other files, virtual datasets, filters other than gzip, types other than numbers and texts.
 *
 * The HDF5 library is not used, because a damaged file can make it loop for ever or end it, and it does not say whether values are in
 * other files.
 *
 * @module
 */
import { quoteName } from "../quote_name.ts";
import { fault, type Hdf5File, type Hdf5Limits, openHdf5 } from "./hdf5_bytes.ts";
import type { Hdf5Dataset, Hdf5Group } from "./hdf5_tree.ts";
import { readAttributes } from "./read_attributes.ts";
import { readDataset } from "./read_dataset.ts";
import { isGroup, readLinks } from "./read_links.ts";
import { findMessage, MESSAGE, readMessages } from "./read_messages.ts";
import { readSuperblock } from "./read_superblock.ts";

export type { Hdf5Limits };

/**
 * Reads a file as a tree.
 *
 * @throws {SyntaxError} with the first fault
 */
export async function readHdf5(
  bytes: Uint8Array<ArrayBuffer>,
  limits: Hdf5Limits,
): Promise<Hdf5Group> {
  const file = openHdf5(bytes, limits);
  const root = await readObject(file, readSuperblock(file), "", 0);
  if (root.type === "group") return root;
  throw fault("its root must be a group, but is a dataset");
}

async function readObject(
  file: Hdf5File,
  at: number,
  path: string,
  depth: number,
): Promise<Hdf5Group | Hdf5Dataset> {
  const { limits, left } = file;
  if (--left.objects < 0) {
    throw fault(`it must have at most ${limits.objects} groups and datasets, but has more`);
  }
  if (depth > limits.depth) {
    throw fault(
      `its groups must be at most ${limits.depth} deep, but ${quoteName(path)} is deeper`,
    );
  }
  const messages = readMessages(file, at);
  if (findMessage(messages, MESSAGE.layout) === undefined && !isGroup(messages)) {
    throw fault(`${quoteName(path)} must be a group or a dataset, but is neither`);
  }
  if (!isGroup(messages)) return await readDataset(file, messages, path);
  const attributes = readAttributes(file, messages);
  const members = new Map<string, Hdf5Group | Hdf5Dataset>();
  for (const link of readLinks(file, messages)) {
    if (members.has(link.name)) {
      throw fault(`${quoteName(path)} must have ${quoteName(link.name)} once`);
    }
    const inside = path === "" ? link.name : `${path}/${link.name}`;
    members.set(link.name, await readObject(file, link.at, inside, depth + 1));
  }
  return { type: "group", attributes, members };
}
