/** Writes HDF5 files. @module */
import type { Group } from "h5wasm";
import type { Hdf5Attributes, Hdf5Group } from "./hdf5_tree.ts";
import { type Hdf5Library, loadHdf5 } from "./load_hdf5.ts";

/** Number of files that were begun: each has a name of its own in the library's file system. */
let begun = 0;

/**
 * Writes a tree as an HDF5 file: datasets contiguous and without compression, texts of variable length. The same tree gives the same
 * bytes.
 *
 * @throws {RangeError} if the library cannot hold it in memory
 */
export async function writeHdf5(root: Hdf5Group): Promise<Uint8Array<ArrayBuffer>> {
  const loaded = await loadHdf5();
  const module = await loaded.library.ready;
  module.activate_throwing_error_handler(); // otherwise it prints, and goes on
  try {
    return blankTimes(writeFile(loaded, root), countDatasets(root));
  } catch (cause) {
    const { message } = cause as Error; // of HDF5: a list, the innermost call last
    const reason = /#000: .*?\(\): (.*)/.exec(message)?.[1] ?? message;
    throw new RangeError(`Cannot write an HDF5 file: the library says "${reason}"`, { cause });
  } finally {
    module.deactivate_throwing_error_handler();
  }
}

function writeFile({ library, files }: Hdf5Library, root: Hdf5Group): Uint8Array<ArrayBuffer> {
  const name = `/write-${++begun}.h5`;
  try {
    const file = new library.File(name, "w", { libver: ["earliest", "v108"] }); // as h5py writes
    try {
      writeGroup(file, root);
    } finally {
      file.close();
    }
    const bytes = new Uint8Array(files.stat(name).size);
    const stream = files.open(name, "r");
    files.read(stream, bytes, 0, bytes.length);
    files.close(stream);
    return bytes;
  } finally {
    if (files.analyzePath(name).exists) files.unlink(name);
  }
}

function writeGroup(group: Group, { attributes, members }: Hdf5Group): void {
  writeAttributes(group, attributes);
  for (const [name, member] of members) {
    if (member.type === "group") writeGroup(group.create_group(name), member);
    else group.create_dataset({ name, data: member.values, shape: [...member.shape] });
  }
}

function writeAttributes(group: Group, attributes: Hdf5Attributes): void {
  for (const [name, value] of attributes) {
    if (typeof value === "number") group.create_attribute(name, value);
    else if (typeof value === "string") group.create_attribute(name, value, [], "S");
    else group.create_attribute(name, [...value], [value.length], value.length > 0 ? "S" : "S1"); // of variable length, none fail
  }
}

function countDatasets({ members }: Hdf5Group): number {
  return [...members.values()].reduce(
    (sum, member) => sum + (member.type === "group" ? countDatasets(member) : 1),
    0,
  );
}

/** The first 12 bytes of a modification time, which 4 bytes of seconds follow. Source: HDF5 file format, IV.A.1.a and IV.A.2.s. */
const TIME_MESSAGE = [0x0008_0012, 0, 1];

/**
 * Sets the time of every dataset to 0, so that the bytes do not depend on it: the library cannot leave it out. Each dataset has one; if
 * more are found, some are values that look like one, and all stay.
 */
function blankTimes(bytes: Uint8Array<ArrayBuffer>, datasets: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer);
  const found: number[] = [];
  for (let at = 0; at + 16 <= bytes.length && found.length <= datasets; at += 8) { // messages are at multiples of 8
    if (TIME_MESSAGE.every((word, i) => view.getUint32(at + 4 * i, true) === word)) found.push(at);
  }
  if (found.length === datasets) found.forEach((at) => view.setUint32(at + 12, 0, true));
  return bytes;
}
