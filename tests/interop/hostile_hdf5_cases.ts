/** HDF5 files that must be refused: of the HDF5 library itself, and with changed bytes. @module */
import { writeHdf5 } from "../../src/interop/hdf5/write_hdf5.ts";
import type { Hdf5Dataset, Hdf5Group } from "../../src/interop/hdf5/hdf5_tree.ts";
import type { HostileCase } from "./hostile_case.ts";

const FOLDER = new URL("../vectors/hdf5/", import.meta.url);

/** Reads a file that h5py has written: tests/vectors/keras_files.py. */
export function readVector(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(`${name}.h5`, FOLDER));
}

/** Files of the library, and what is said of them. */
const WRITTEN: readonly (readonly [name: string, says: string])[] = [
  ["array", "but is of the type array"],
  ["attribute_boolean", "but is of the type enumeration"],
  ["attribute_numbers", "must be a number, a text or a list of texts"],
  ["attribute_struct", "but is of the type compound"],
  ["bomb", "must have at most"],
  ["bool", "but is of the type enumeration"],
  ["complex", "but is of the type compound"],
  ["compound", "but is of the type compound"],
  ["cycle", "its links must form a tree"],
  ["external", "but has values in other files"],
  ["fletcher32", "has the filter Fletcher32"],
  ["float16", "but is of float16"],
  ["float64", "but is of float64"],
  ["lzf", "has the filter LZF"],
  ["named_type", '"type" must be a group or a dataset'],
  ["null", "must have values, but has none"],
  ["other_file", '"x" must be in the file itself, but is a link to another file'],
  ["reference", "but is of the type reference"],
  ["shared", "its links must form a tree"],
  ["soft", '"x" must be in the file itself, but is a soft link'],
  ["text", "but is of text"],
  ["variable_length", "but is of the type variable-length"],
  ["virtual", "must have values of its own, but is virtual"],
];

type Change = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | void;

/** Finds four letters, the n-th time. */
function find(bytes: Uint8Array, letters: string, nth = 0): number {
  const text = new TextDecoder("latin1").decode(bytes);
  let at = text.indexOf(letters);
  for (let i = 0; i < nth; i++) at = text.indexOf(letters, at + 1);
  if (at < 0) throw new Error(`There is no ${letters}`);
  return at;
}

/** Overwrites bytes at an offset from some letters. */
function put(letters: string, offset: number, ...values: readonly number[]): Change {
  return (bytes) => bytes.set(values, find(bytes, letters) + offset);
}

const NEVER = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
/** Follows the first byte. */
const START = "HDF";

/** Changes of early.h5, which has a superblock of version 0, a group of symbols and a contiguous dataset. */
const CHANGED: readonly (readonly [name: string, says: string, change: Change])[] = [
  ["no byte", "signature", () => new Uint8Array(0)],
  ["other first bytes", "signature", put(START, -1, 0x50)],
  ["a file that ends early", "bytes long, but is 1500", (bytes) => bytes.slice(0, 1500)],
  ["a file of the signature alone", "must", (bytes) => bytes.slice(0, 8)],
  ["bytes after the end", "bytes long", (bytes) => Uint8Array.of(...bytes, 0)],
  ["a superblock of version 9", "superblock", put(START, 7, 9)],
  ["addresses of 4 bytes", "the bytes of its addresses", put(START, 12, 4)],
  ["a base address", "its base address", put(START, 23, 8)],
  ["settings of a driver", "driver", put(START, 47, 0, 0, 0, 0, 0, 0, 0, 0)],
  ["a root at no address", "no address", put(START, 63, ...new Array(8).fill(0xff))],
  ["a root beyond the file", "within its", put(START, 63, 0, 0, 0xff)],
  ["a root at 2^63", "below 2^53", put(START, 63, ...NEVER)],
  ["a root that is the superblock", "must", put(START, 63, 0, 0)],
  ["a B-tree of datasets as one of a group", "type of a group's B-tree", put("TREE", 4, 1)],
  ["a B-tree of 200 levels", "levels of a B-tree", put("TREE", 5, 200)],
  ["a B-tree with 65,535 entries", "its parts must", put("TREE", 6, 0xff, 0xff)],
  ["a node of symbols that says it is a B-tree", "type of a group's B-tree", (bytes) => {
    const at = find(bytes, "TREE");
    bytes[at + 5] = 1;
    new DataView(bytes.buffer).setBigUint64(at + 32, BigInt(find(bytes, "SNOD")), true);
    bytes.set(bytes.slice(at, at + 4), find(bytes, "SNOD"));
  }],
  ["a B-tree that leads to itself", "its links must form a tree", (bytes) => {
    const at = find(bytes, "TREE");
    bytes[at + 5] = 1;
    new DataView(bytes.buffer).setBigUint64(at + 32, BigInt(at), true);
  }],
  ["other letters of a heap", "must begin with HEAP", put("HEAP", 0, 0)],
  ["a heap of 2^62 bytes", "below 2^53", put("HEAP", 8, ...NEVER.slice(0, 7), 0x3f)],
  ["a heap beyond the file", "within its", put("HEAP", 24, 0, 0, 0xff)],
  ["a node with 65,535 symbols", "its parts must", put("SNOD", 6, 0xff, 0xff)],
  ["a name beyond its heap", "a name must be in its heap", put("SNOD", 8, 0xff, 0xff)],
  ["a name at 2^63", "below 2^53", put("SNOD", 8, ...NEVER)],
  ["a soft link in a node", "soft link", put("SNOD", 24, 2)],
  ["an empty name", "the name of a link", put("SNOD", 8, 0)],
  ["an object beyond the file", "within its", put("SNOD", 16, 0, 0, 0xff)],
  ["an object that is the root", "its links must form a tree", put("SNOD", 16, 96, 0)],
  ["a header with another version", "must begin with OHDR", (bytes) => {
    bytes[objectOf(bytes)] = 7;
  }],
  ["a header of 4 GB", "within its", (bytes) => {
    bytes.set([0xff, 0xff, 0xff, 0xff], objectOf(bytes) + 8);
  }],
  ["a message longer than its header", "must have", (bytes) => {
    bytes.set([0xff, 0xff], objectOf(bytes) + 18);
  }],
  ["a message of an unknown type", "a message of type 99", (bytes) => {
    bytes[objectOf(bytes) + 16] = 99;
  }],
  ["a shared message", "no shared messages", (bytes) => {
    bytes[objectOf(bytes) + 20]! |= 2;
  }],
  ["a header that continues at itself", "its links must form a tree", (bytes) => {
    const at = objectOf(bytes);
    bytes[at + 16] = 0x10;
    new DataView(bytes.buffer).setBigUint64(at + 24, BigInt(at), true);
    new DataView(bytes.buffer).setBigUint64(at + 32, 64n, true);
  }],
  ["a shape of 2^60 values", "must have at most", (bytes) => {
    const at = objectOf(bytes) + 24 + 8; // the sizes of the first message, a dataspace
    for (const offset of [0, 8]) {
      new DataView(bytes.buffer).setBigUint64(at + offset, 2n ** 30n, true);
    }
  }],
  ["a shape of more values than bytes", "must have 64 bytes in the file, but has 48", (bytes) => {
    bytes[objectOf(bytes) + 32] = 4;
  }],
  ["a shape of 200 dimensions", "at most 8 dimensions", (bytes) => {
    bytes[objectOf(bytes) + 25] = 200;
  }],
  ["a shape of another version", "the version of a shape", (bytes) => {
    bytes[objectOf(bytes) + 24] = 9;
  }],
];

/** Finds the header of the dataset of early.h5: the node of symbols names it. */
function objectOf(bytes: Uint8Array<ArrayBuffer>): number {
  return Number(new DataView(bytes.buffer).getBigUint64(find(bytes, "SNOD") + 16, true));
}

function group(members: Readonly<Record<string, Hdf5Group | Hdf5Dataset>>): Hdf5Group {
  return {
    type: "group",
    attributes: new Map(),
    members: new Map(Object.entries(members)),
  };
}

const ONE: Hdf5Dataset = { type: "dataset", shape: [1], values: Float32Array.of(1) };

function nest(depth: number): Hdf5Group {
  return depth === 0 ? group({ x: ONE }) : group({ x: nest(depth - 1) });
}

/** Trees beyond the limits of the tests. */
const LARGE: readonly (readonly [name: string, says: string, tree: () => Hdf5Group])[] = [
  ["groups 11 deep", "at most 10 deep", () => nest(11)],
  [
    "500 datasets",
    "at most 400 groups and datasets",
    () => group(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`x${i}`, ONE]))),
  ],
  [
    "20,000 values",
    "must have at most",
    () => group({ x: { type: "dataset", shape: [20000], values: new Float32Array(20000) } }),
  ],
  ["datasets with 20,000 values together", "must have at most", () => {
    const x: Hdf5Dataset = { type: "dataset", shape: [99, 99], values: new Float32Array(9801) };
    return group({ x, y: x, z: x });
  }],
  ["attributes of 200 kB", "all its attributes must have at most", () => ({
    ...group({ x: ONE }),
    attributes: new Map([["a", "a".repeat(40000)], ["b", "b".repeat(40000)], [
      "c",
      "c".repeat(40000),
    ]]),
  })],
];

/** All cases. */
export const HDF5_CASES: readonly HostileCase[] = [
  ...WRITTEN.map(([name, says]) => ({
    ...{ name: `what h5py calls ${name}`, says, make: () => readVector(name) },
  })),
  ...CHANGED.map(([name, says, change]) => ({
    ...{ name, says },
    async make(): Promise<Uint8Array<ArrayBuffer>> {
      const bytes = await readVector("early");
      return change(bytes) ?? bytes;
    },
  })),
  ...LARGE.map(([name, says, tree]) => ({ name, says, make: () => writeHdf5(tree()) })),
];
