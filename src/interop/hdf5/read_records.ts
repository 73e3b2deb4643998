/** B-trees of version 2 in an HDF5 file. Specification, section III.A.2. @module */
import {
  address,
  byteLength,
  type Cursor,
  expect,
  fault,
  type Hdf5File,
  NO_ADDRESS,
  openBlock,
  skip,
  uint,
} from "./hdf5_bytes.ts";

/** Most depth of a B-tree. */
const MOST_DEPTH = 8;

/** What the nodes of a B-tree have in common. */
interface Tree {
  readonly type: number;
  readonly nodeSize: number;
  readonly recordSize: number;
}

/** Lists the records of a B-tree, in order. */
export function readRecords(file: Hdf5File, at: number, type: number): Cursor[] {
  const cursor = openBlock(file, at, 38, "BTHD");
  expect(cursor, 1, 0, "the version of a B-tree");
  expect(cursor, 1, type, "the type of a B-tree");
  const [nodeSize, recordSize, depth] = [uint(cursor, 4), uint(cursor, 2), uint(cursor, 2)];
  skip(cursor, 2);
  const [root, count, total] = [address(cursor), uint(cursor, 2), uint(cursor, 8)];
  if (total > file.limits.objects) {
    throw fault(`a B-tree must have at most ${file.limits.objects} entries, but has ${total}`);
  }
  if (depth > MOST_DEPTH) {
    throw fault(`a B-tree must have at most ${MOST_DEPTH} levels, but has ${depth}`);
  }
  if (root === NO_ADDRESS) return [];
  const records = readNode(file, { type, nodeSize, recordSize }, { at: root, count, depth });
  if (records.length === total) return records;
  throw fault(`a B-tree must have its ${total} entries, but has ${records.length}`);
}

function readNode(
  file: Hdf5File,
  tree: Tree,
  { at, count, depth }: { readonly at: number; readonly count: number; readonly depth: number },
): Cursor[] {
  const { type, nodeSize, recordSize } = tree;
  const cursor = openBlock(file, at, nodeSize, depth === 0 ? "BTLF" : "BTIN");
  expect(cursor, 1, 0, "the version of a node");
  expect(cursor, 1, type, "the type of a node");
  const records = Array.from({ length: count }, () => {
    const at = skip(cursor, recordSize);
    return { file, at, end: at + recordSize };
  });
  if (depth === 0) return records;
  const sizes = pointerSizes(tree, depth);
  const all: Cursor[] = [];
  for (let i = 0; i <= count; i++) {
    const child = address(cursor);
    const inside = uint(cursor, sizes.count);
    skip(cursor, sizes.total);
    const below = readNode(file, tree, { at: child, count: inside, depth: depth - 1 });
    for (const record of below) all.push(record);
    if (i < count) all.push(records[i]!);
  }
  return all;
}

/** Gives the bytes of the two numbers that a node of a depth has for each child. Source: H5B2hdr.c, H5B2__hdr_init. */
function pointerSizes(
  { nodeSize, recordSize }: Tree,
  depth: number,
): { readonly count: number; readonly total: number } {
  const inLeaf = Math.floor((nodeSize - 10) / recordSize);
  const count = byteLength(inLeaf);
  let [most, total] = [inLeaf, 0];
  for (let level = 1; level < depth; level++) {
    const pointer = 8 + count + total;
    const records = Math.floor((nodeSize - 10 - pointer) / (recordSize + pointer));
    most = (records + 1) * most + records;
    total = byteLength(most);
  }
  return { count, total };
}
