/**
 * Links or attributes that are stored apart from their object's header, as newer files have them when there are more than eight: a
 * fractal heap that holds them, and a B-tree of version 2 that lists them. Specification, sections III.A.2 and III.G.
 *
 * @module
 */
import {
  address,
  type Cursor,
  expect,
  fault,
  type Hdf5File,
  NO_ADDRESS,
  openBlock,
  openPart,
  skip,
  uint,
} from "./hdf5_bytes.ts";

/** A heap: where its blocks are. */
interface Heap {
  readonly offsetSize: number;
  readonly lengthSize: number;
  readonly blocks: readonly {
    readonly offset: number;
    readonly size: number;
    readonly at: number;
  }[];
}

/** The size of a block, as the heap's header describes it. */
interface HeapTable {
  readonly header: number;
  readonly offsetSize: number;
  readonly width: number;
  readonly startSize: number;
  readonly mostDirect: number;
}

/** Most rows of a heap's table: its largest size is 2^64. */
const MOST_ROWS = 64;
/** Most depth of a B-tree. */
const MOST_DEPTH = 8;

/** Reads the entries that a message of link or attribute info names. */
export function readDense(info: Cursor, what: "links" | "attributes"): Cursor[] {
  const { file } = info;
  expect(info, 1, 0, `the version of the info of ${what}`);
  if (uint(info, 1) & 1) skip(info, what === "links" ? 8 : 2);
  const [heapAt, treeAt] = [address(info), address(info)];
  if (heapAt === NO_ADDRESS) return [];
  const heap = readHeap(file, heapAt);
  const isLinks = what === "links";
  return readTree(file, treeAt, isLinks ? 5 : 8).map((record) => {
    if (isLinks) skip(record, 4); // the name's hash
    return findInHeap(file, heap, record);
  });
}

function readHeap(file: Hdf5File, at: number): Heap {
  const cursor = openBlock(file, at, 146, "FRHP");
  expect(cursor, 1, 0, "the version of a heap");
  skip(cursor, 2);
  if (uint(cursor, 2) !== 0) throw fault("its heaps must not be compressed, but one is");
  skip(cursor, 1);
  const mostManaged = uint(cursor, 4);
  skip(cursor, 12 * 8); // what is free, and how many there are
  const [width, startSize, mostDirect] = [uint(cursor, 2), uint(cursor, 8), uint(cursor, 8)];
  const offsetSize = Math.ceil(uint(cursor, 2) / 8);
  skip(cursor, 2);
  const [root, rows] = [address(cursor), uint(cursor, 2)];
  if (!isPower(width) || !isPower(startSize) || !isPower(mostDirect) || mostDirect < startSize) {
    throw fault("the sizes of a heap must be powers of two, but are not");
  }
  const table = { header: at, offsetSize, width, startSize, mostDirect };
  const blocks: Heap["blocks"][number][] = [];
  if (root !== NO_ADDRESS) {
    if (rows === 0) addDirect(file, table, blocks, { at: root, offset: 0, size: startSize });
    else addIndirect(file, table, blocks, { at: root, offset: 0, rows });
  }
  return { blocks, offsetSize, lengthSize: byteLength(Math.min(mostDirect, mostManaged)) };
}

function addDirect(
  file: Hdf5File,
  { header, offsetSize }: HeapTable,
  blocks: Heap["blocks"][number][],
  block: Heap["blocks"][number],
): void {
  const cursor = openBlock(file, block.at, block.size, "FHDB");
  expect(cursor, 1, 0, "the version of a block");
  expect(cursor, 8, header, "the heap of a block");
  expect(cursor, offsetSize, block.offset, "the offset of a block");
  blocks.push(block);
}

function addIndirect(
  file: Hdf5File,
  table: HeapTable,
  blocks: Heap["blocks"][number][],
  { at, offset, rows }: { readonly at: number; readonly offset: number; readonly rows: number },
): void {
  const { header, offsetSize, width, startSize, mostDirect } = table;
  if (rows > MOST_ROWS) throw fault(`a heap must have at most ${MOST_ROWS} rows, but has ${rows}`);
  const size = 13 + offsetSize + rows * width * 8;
  const cursor = openBlock(file, at, size, "FHIB");
  expect(cursor, 1, 0, "the version of a block");
  expect(cursor, 8, header, "the heap of a block");
  expect(cursor, offsetSize, offset, "the offset of a block");
  let next = offset;
  for (let row = 0; row < rows; row++) {
    const size = startSize * 2 ** Math.max(0, row - 1);
    for (let column = 0; column < width; column++, next += size) {
      const child = address(cursor);
      if (child === NO_ADDRESS) continue;
      if (size <= mostDirect) addDirect(file, table, blocks, { at: child, offset: next, size });
      else {
        const rows = Math.log2(size) - Math.log2(startSize * width) + 1;
        addIndirect(file, table, blocks, { at: child, offset: next, rows });
      }
    }
  }
}

/** Finds what the identity in a record names. */
function findInHeap(file: Hdf5File, heap: Heap, record: Cursor): Cursor {
  const kind = uint(record, 1);
  if (kind !== 0) throw fault("an entry of a heap must be in a block of it, but is not");
  const [offset, length] = [uint(record, heap.offsetSize), uint(record, heap.lengthSize)];
  const block = heap.blocks.find((each) =>
    offset >= each.offset && offset + length <= each.offset + each.size
  );
  if (block === undefined) throw fault(`a heap must hold an entry at ${offset}, but does not`);
  return openPart(file, block.at + offset - block.offset, length);
}

/** What the nodes of a B-tree have in common. */
interface Tree {
  readonly type: number;
  readonly nodeSize: number;
  readonly recordSize: number;
}

/** Lists the records of a B-tree of version 2, in order. */
function readTree(file: Hdf5File, at: number, type: number): Cursor[] {
  const cursor = openBlock(file, at, 38, "BTHD");
  expect(cursor, 1, 0, "the version of a B-tree");
  expect(cursor, 1, type, "the type of a B-tree");
  const [nodeSize, recordSize, depth] = [uint(cursor, 4), uint(cursor, 2), uint(cursor, 2)];
  skip(cursor, 2);
  const [root, count] = [address(cursor), uint(cursor, 2)];
  if (depth > MOST_DEPTH) {
    throw fault(`a B-tree must have at most ${MOST_DEPTH} levels, but has ${depth}`);
  }
  if (root === NO_ADDRESS) return [];
  return readNode(file, { type, nodeSize, recordSize }, { at: root, count, depth });
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
    all.push(...readNode(file, tree, { at: child, count: inside, depth: depth - 1 }));
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

/** Gives the number of bytes of a number up to another. */
function byteLength(most: number): number {
  return Math.floor(Math.log2(Math.max(1, most)) / 8) + 1;
}

function isPower(value: number): boolean {
  return value >= 1 && Number.isInteger(Math.log2(value));
}
