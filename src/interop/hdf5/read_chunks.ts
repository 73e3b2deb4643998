/** Datasets in an HDF5 file that are stored in chunks, which a B-tree of version 1 lists. Specification, section III.A.1. @module */
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
  takeBytes,
  uint,
} from "./hdf5_bytes.ts";
import { countValues } from "./read_datatype.ts";
import { applyFilters, type Filter } from "./read_filters.ts";

/** What is known of a dataset before its values are read. */
export interface ExpectedValues {
  readonly what: string;
  readonly shape: readonly number[];
  readonly valueSize: number;
  readonly size: number;
  readonly filters: readonly Filter[];
}

/** A chunk of a dataset. */
interface Chunk {
  readonly start: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Reads the values of a dataset that is stored in chunks, row-major. @param cursor its layout, after its kind */
export async function readChunked(
  file: Hdf5File,
  cursor: Cursor,
  { what, shape, size, valueSize, filters }: ExpectedValues,
): Promise<Uint8Array<ArrayBuffer>> {
  if (shape.length === 0) throw fault(`${what} must not be in chunks, because it is one value`);
  expect(cursor, 1, shape.length + 1, `the dimensions of a chunk of ${what}`);
  const tree = address(cursor);
  const chunk = shape.map(() => uint(cursor, 4));
  expect(cursor, 4, valueSize, `the bytes of a value of ${what}`);
  const chunkSize = countValues(chunk, file.limits.values, `a chunk of ${what}`) * valueSize;
  const needed = shape.reduce((n, length, i) => n * Math.ceil(length / Math.max(1, chunk[i]!)), 1);
  if (chunkSize === 0) throw fault(`a chunk of ${what} must have values, but has none`);
  checkGrid(needed * chunkSize, size, what);
  const chunks = tree === NO_ADDRESS ? [] : readChunks(file, tree, shape.length);
  if (chunks.length !== needed) {
    throw fault(`${what} must have ${needed} chunks in the file, but has ${chunks.length}`);
  }
  const values = new Uint8Array(size);
  const seen = new Set<string>();
  for (const { start, bytes } of chunks) {
    if (start.some((at, i) => at % chunk[i]! !== 0 || at >= shape[i]!) || seen.has(start.join())) {
      throw fault(
        `a chunk of ${what} must be at a place of its own, but is at ${start.join(", ")}`,
      );
    }
    seen.add(start.join());
    const plain = await applyFilters(bytes, filters, { chunkSize, valueSize, what });
    placeChunk(values, plain, { shape, chunk, start, valueSize });
  }
  return values;
}

/** The last chunk of a row or a column may go beyond the dataset: all of them may be larger than it by this factor, or by 1 MiB. */
const MOST_BEYOND = 8;

function checkGrid(bytes: number, size: number, what: string): void {
  const most = MOST_BEYOND * size + 2 ** 20;
  if (bytes <= most) return;
  throw fault(`the chunks of ${what} must have at most ${most} bytes, but have ${bytes}`);
}

function readChunks(file: Hdf5File, at: number, rank: number, above?: number): Chunk[] {
  const head = openBlock(file, at, 24, "TREE");
  expect(head, 1, 1, "the type of a dataset's B-tree");
  const [level, count] = [uint(head, 1), uint(head, 2)];
  if (above === undefined ? level > 8 : level !== above - 1) {
    throw fault(`the levels of a B-tree must go down one by one to 0, but one is ${level}`);
  }
  const entries = openPart(file, at + 24, count * (24 + 8 * rank));
  const chunks: Chunk[] = [];
  for (let i = 0; i < count; i++) {
    const [size, mask] = [uint(entries, 4), uint(entries, 4)];
    const start = Array.from({ length: rank }, () => uint(entries, 8));
    skip(entries, 8);
    const child = address(entries);
    if (level > 0) {
      for (const chunk of readChunks(file, child, rank, level)) chunks.push(chunk);
      continue;
    }
    if (mask !== 0) throw fault("a chunk must have all filters of its dataset, but lacks one");
    chunks.push({ start, bytes: takeBytes(openPart(file, child, size), size) });
  }
  return chunks;
}

/** Copies the rows of a chunk to their place in the dataset. */
function placeChunk(
  values: Uint8Array,
  plain: Uint8Array,
  { shape, chunk, start, valueSize }: {
    readonly shape: readonly number[];
    readonly chunk: readonly number[];
    readonly start: readonly number[];
    readonly valueSize: number;
  },
): void {
  const last = shape.length - 1;
  const copy = (axis: number, to: number, from: number): void => {
    const length = Math.min(chunk[axis]!, shape[axis]! - start[axis]!);
    const [toStart, fromStart] = [to * shape[axis]! + start[axis]!, from * chunk[axis]!];
    if (axis === last) {
      const part = plain.subarray(fromStart * valueSize, (fromStart + length) * valueSize);
      values.set(part, toStart * valueSize);
      return;
    }
    for (let i = 0; i < length; i++) copy(axis + 1, toStart + i, fromStart + i);
  };
  copy(0, 0, 0);
}
