/** The values of a dataset in an HDF5 file. Specification, sections IV.A.2.i (layout), IV.A.2.l (filters), III.A.1 (chunks). @module */
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
import type { Hdf5Dataset } from "./hdf5_tree.ts";
import { inflate } from "./inflate.ts";
import { countValues, type Datatype, readDatatype, readShape } from "./read_datatype.ts";
import { findMessage, MESSAGE, type Message } from "./read_messages.ts";
import { readNumber } from "./read_number.ts";

/** A chunk of a dataset. */
interface Chunk {
  readonly start: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What is done with a chunk's bytes after they are read, last one first. */
type Filter = "inflate" | "unshuffle";

const FILTERS: ReadonlyMap<number, Filter> = new Map([[1, "inflate"], [2, "unshuffle"]]);
const FILTER_NAMES: ReadonlyMap<number, string> = new Map([
  ...[[3, "Fletcher32"], [4, "SZIP"], [5, "N-bit"], [6, "scale and offset"], [
    32000,
    "LZF",
  ]] as const,
]);

/** Reads a dataset of float32, or of integers that int32 holds. */
export async function readDataset(
  file: Hdf5File,
  messages: readonly Message[],
  path: string,
): Promise<Hdf5Dataset> {
  const what = `the dataset "${path}"`;
  const type = readDatatype(need(messages, "datatype", what), what);
  const shape = readShape(need(messages, "dataspace", what), what);
  if (type.kind === "float" ? type.size !== 4 : type.kind !== "integer") {
    throw fault(
      `${what} must be of float32 or integers, but is of ${
        type.kind === "float" ? `float${8 * type.size}` : type.kind
      }`,
    );
  }
  const count = countValues(shape, file.left.values, what);
  file.left.values -= count;
  const filters = findMessage(messages, MESSAGE.filters);
  const bytes = await readLayout(file, need(messages, "layout", what), {
    ...{ what, shape, valueSize: type.size, size: count * type.size },
    filters: filters === undefined ? [] : readFilters(filters, what),
  });
  return { type: "dataset", shape, values: decodeValues(bytes, type, what) };
}

function need(messages: readonly Message[], name: keyof typeof MESSAGE, what: string): Cursor {
  const found = findMessage(messages, MESSAGE[name]);
  if (found === undefined) throw fault(`${what} must have a ${name}, but has none`);
  return found;
}

function readFilters(cursor: Cursor, what: string): Filter[] {
  const [version, count] = [uint(cursor, 1), uint(cursor, 1)];
  if (version !== 1 && version !== 2) {
    throw fault(`the version of filters must be 1 or 2, but is ${version}`);
  }
  if (version === 1) skip(cursor, 6);
  return Array.from({ length: count }, () => {
    const id = uint(cursor, 2);
    const nameSize = version === 1 || id >= 256 ? uint(cursor, 2) : 0;
    skip(cursor, 2);
    const settings = uint(cursor, 2);
    skip(cursor, nameSize + (version === 1 ? -nameSize & 7 : 0));
    skip(cursor, 4 * (settings + (version === 1 ? settings & 1 : 0)));
    const filter = FILTERS.get(id);
    if (filter !== undefined) return filter;
    throw fault(
      `${what} must be compressed with gzip or not, but has the filter ${
        FILTER_NAMES.get(id) ?? id
      }`,
    );
  });
}

/** What is known of a dataset before its values are read. */
interface Expected {
  readonly what: string;
  readonly shape: readonly number[];
  readonly valueSize: number;
  readonly size: number;
  readonly filters: readonly Filter[];
}

/** Reads the bytes of all values, row-major. */
async function readLayout(
  file: Hdf5File,
  cursor: Cursor,
  expected: Expected,
): Promise<Uint8Array<ArrayBuffer>> {
  const { what, size } = expected;
  const [version, kind] = [uint(cursor, 1), uint(cursor, 1)];
  if (kind === 3) throw fault(`${what} must have values of its own, but is virtual`);
  if (version !== 3 && !(version === 4 && kind < 2)) {
    throw fault(
      `${what} must be stored as Keras does, but has the layout ${kind} of version ${version}`,
    );
  }
  if (kind === 2) return await readChunked(file, cursor, expected);
  if (kind > 2) throw fault(`the layout of ${what} must be 0, 1 or 2, but is ${kind}`);
  const [at, held] = kind === 0 ? [undefined, uint(cursor, 2)] : [address(cursor), uint(cursor, 8)];
  if (at === NO_ADDRESS && size > 0) throw fault(`${what} must have values in the file`);
  if (held < size) {
    throw fault(`${what} must have ${size} bytes in the file, but has ${held}`);
  }
  if (size === 0) return new Uint8Array(0);
  return at === undefined ? takeBytes(cursor, size) : takeBytes(openPart(file, at, size), size);
}

async function readChunked(
  file: Hdf5File,
  cursor: Cursor,
  { what, shape, size, valueSize, filters }: Expected,
): Promise<Uint8Array<ArrayBuffer>> {
  expect(cursor, 1, shape.length + 1, `the dimensions of a chunk of ${what}`);
  const tree = address(cursor);
  const chunk = shape.map(() => uint(cursor, 4));
  expect(cursor, 4, valueSize, `the bytes of a value of ${what}`);
  const chunkSize = countValues(chunk, file.limits.values, `a chunk of ${what}`) * valueSize;
  const needed = shape.reduce((n, length, i) => n * Math.ceil(length / Math.max(1, chunk[i]!)), 1);
  if (chunkSize === 0) throw fault(`a chunk of ${what} must have values, but has none`);
  checkGrid(file, needed * chunkSize, what);
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

/** The last chunks may be larger than what is left of the dataset: not by more than this. */
const MOST_BEYOND = 16;

function checkGrid(file: Hdf5File, bytes: number, what: string): void {
  const most = MOST_BEYOND * (4 * file.limits.values);
  if (bytes > most) throw fault(`the chunks of ${what} must have at most ${most} bytes`);
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
      chunks.push(...readChunks(file, child, rank, level));
      continue;
    }
    if (mask !== 0) throw fault("a chunk must have all filters of its dataset, but lacks one");
    chunks.push({ start, bytes: takeBytes(openPart(file, child, size), size) });
  }
  return chunks;
}

async function applyFilters(
  stored: Uint8Array<ArrayBuffer>,
  filters: readonly Filter[],
  { chunkSize, valueSize, what }: {
    readonly chunkSize: number;
    readonly valueSize: number;
    readonly what: string;
  },
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = stored;
  for (const filter of filters.toReversed()) {
    bytes = filter === "inflate"
      ? await inflate(bytes, chunkSize, what)
      : unshuffle(bytes, valueSize);
  }
  if (bytes.length === chunkSize) return bytes;
  throw fault(`a chunk of ${what} must have ${chunkSize} bytes, but has ${bytes.length}`);
}

/** Puts the bytes of each value together: the filter has stored the first bytes of all values, then the second ones. */
function unshuffle(bytes: Uint8Array, valueSize: number): Uint8Array<ArrayBuffer> {
  const count = Math.floor(bytes.length / valueSize);
  const plain = new Uint8Array(bytes);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < valueSize; j++) plain[i * valueSize + j] = bytes[j * count + i]!;
  }
  return plain;
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

const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function decodeValues(
  bytes: Uint8Array<ArrayBuffer>,
  type: Datatype,
  what: string,
): Float32Array | Int32Array {
  const count = bytes.length / type.size;
  if (type.kind === "float" && !type.bigEndian && IS_LITTLE_ENDIAN) {
    return new Float32Array(bytes.slice().buffer);
  }
  const values = type.kind === "float" ? new Float32Array(count) : new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const value = readNumber(bytes.subarray(i * type.size, (i + 1) * type.size), type, what);
    values[i] = value;
    if (type.kind === "integer" && values[i] !== value) {
      throw fault(`${what} must have integers that int32 holds, but has ${value}`);
    }
  }
  return values;
}
