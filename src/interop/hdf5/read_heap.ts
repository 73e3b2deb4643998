/** Fractal heaps in an HDF5 file: blocks whose sizes double. Specification, section III.G. @module */
import {
  address,
  byteLength,
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
export interface Heap {
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
/** Reads where the blocks of a heap are. */
export function readHeap(file: Hdf5File, at: number): Heap {
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
export function findInHeap(file: Hdf5File, heap: Heap, record: Cursor): Cursor {
  const kind = uint(record, 1);
  if (kind !== 0) throw fault("an entry of a heap must be in a block of it, but is not");
  const [offset, length] = [uint(record, heap.offsetSize), uint(record, heap.lengthSize)];
  const block = heap.blocks.find((each) =>
    offset >= each.offset && offset + length <= each.offset + each.size
  );
  if (block === undefined) throw fault(`a heap must hold an entry at ${offset}, but does not`);
  return openPart(file, block.at + offset - block.offset, length);
}

function isPower(value: number): boolean {
  return value >= 1 && Number.isInteger(Math.log2(value));
}
