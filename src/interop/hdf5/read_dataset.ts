/** The values of a dataset in an HDF5 file. Specification, section IV.A.2.i (layout). @module */
import { quoteName } from "../quote_name.ts";
import {
  address,
  type Cursor,
  fault,
  type Hdf5File,
  NO_ADDRESS,
  openPart,
  takeBytes,
  uint,
} from "./hdf5_bytes.ts";
import type { Hdf5Dataset } from "./hdf5_tree.ts";
import { type ExpectedValues, readChunked } from "./read_chunks.ts";
import { readFilters } from "./read_filters.ts";
import { countValues, type Datatype, readDatatype, readShape } from "./read_datatype.ts";
import { findMessage, MESSAGE, type Message } from "./read_messages.ts";
import { readNumber } from "./read_number.ts";

/** Reads a dataset of float32, or of integers that int32 holds. */
export async function readDataset(
  file: Hdf5File,
  messages: readonly Message[],
  path: string,
): Promise<Hdf5Dataset> {
  const what = `the dataset ${quoteName(path)}`;
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

/** Reads the bytes of all values, row-major. */
async function readLayout(
  file: Hdf5File,
  cursor: Cursor,
  expected: ExpectedValues,
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
