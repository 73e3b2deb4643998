/**
 * The safetensors format: 8 bytes with the length of a JSON header, the header, the values of all tensors.
 *
 * Source: huggingface/safetensors, "Format". Only the types F32 and F64 are supported, because checkpoints have no others.
 *
 * @module
 */
import { MAX_HEADER_BYTES } from "./limits.ts";
import { parseStrictJson } from "../arguments/strict_json.ts";

/** Numbers with a name and a shape. */
export interface SavedTensor {
  /** Its name, unique in the file. */
  readonly name: string;
  /** Dimensions. */
  readonly shape: readonly number[];
  /** The values, row-major. */
  readonly values: Float32Array | Float64Array;
}

/** Tensors and texts of one file. */
export interface Safetensors {
  /** The tensors in the order of their values. */
  readonly tensors: readonly SavedTensor[];
  /** Free texts by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The entry of a tensor in a header. */
export interface TensorEntry {
  /** Its name. */
  readonly name: string;
  /** Type of its values. */
  readonly dtype: Dtype;
  /** Dimensions. */
  readonly shape: readonly number[];
  /** Position of its first byte, counted from the end of the header. */
  readonly start: number;
  /** Position after its last byte, counted from the end of the header. */
  readonly stop: number;
}

/** A header that was read: its tensors fill the file without gaps. */
export interface SafetensorsHeader {
  /** The tensors in the order of their values. */
  readonly entries: readonly TensorEntry[];
  /** Free texts by name. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Position of the first value in the file. */
  readonly bodyStart: number;
  /** Size that the whole file must have. */
  readonly sizeBytes: number;
}

/** A type of values. */
export type Dtype = "F32" | "F64";

const BYTES_PER_VALUE: Readonly<Record<Dtype, number>> = { F32: 4, F64: 8 };
const ENTRY_KEYS = ["dtype", "shape", "data_offsets"];
/** Bytes before the header. */
const LENGTH_BYTES = 8;
const ALIGNMENT = 8;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Lays a file out. The metadata come first in the header, in the order of their keys here.
 *
 * @throws {TypeError} if a tensor's name comes twice or its shape disagrees with its values
 * @throws {RangeError} if the header would be longer than one that is read
 */
export function encodeSafetensors(content: Safetensors): Uint8Array<ArrayBuffer> {
  const header = new Map<string, unknown>([["__metadata__", content.metadata]]);
  let end = 0;
  for (const { name, shape, values } of content.tensors) {
    if (header.has(name) || countValues(shape) !== values.length) {
      throw new TypeError(
        `Cannot save the tensor "${name}": its name must come once and its shape (${
          shape.join(", ")
        }) must have its ${values.length} values`,
      );
    }
    const start = end;
    end += values.byteLength;
    const dtype: Dtype = values instanceof Float64Array ? "F64" : "F32";
    header.set(name, { dtype, shape, data_offsets: [start, end] });
  }
  const text = new TextEncoder().encode(formatHeader(header));
  const headerLength = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  if (headerLength > MAX_HEADER_BYTES) {
    throw new RangeError(
      `Cannot save the tensors: their header must have at most ${MAX_HEADER_BYTES} bytes, but would have ${headerLength}`,
    );
  }
  const bytes = new Uint8Array(LENGTH_BYTES + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerLength);
  bytes.set(text, LENGTH_BYTES);
  writeValues(bytes.subarray(LENGTH_BYTES + headerLength), content.tensors);
  return bytes;
}

/**
 * Reads a file. It checks every declared size before it reads a tensor.
 *
 * @throws {SyntaxError} with the first fault
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const header = decodeHeader(bytes);
  checkSize(header, bytes.length);
  const body = bytes.subarray(header.bodyStart);
  return {
    tensors: header.entries.map(({ name, dtype, shape, start, stop }) => ({
      ...{ name, shape },
      values: decodeValues(dtype, body.subarray(start, stop)),
    })),
    metadata: header.metadata,
  };
}

/**
 * Reads the header alone. It says which size the file must have; check it with {@linkcode checkSize}.
 *
 * @param bytes the beginning of a file, at least to the end of the header
 * @throws {SyntaxError} with the first fault
 */
export function decodeHeader(bytes: Uint8Array): SafetensorsHeader {
  const bodyStart = LENGTH_BYTES + readHeaderLength(bytes);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, bodyStart));
  const { __metadata__: metadata = {}, ...tensors } = header;
  let end = 0; // fault point: before the check of sizes
  const entries = Object.entries(tensors).map(([name, entry]) => checkEntry(name, entry))
    .sort((a, b) => a.start - b.start || a.stop - b.stop);
  for (const { name, dtype, shape, start, stop } of entries) {
    if (start !== end) {
      fail(`the tensor "${name}" must start at byte ${end}, but starts at ${start}`);
    }
    if (stop - start !== countValues(shape) * BYTES_PER_VALUE[dtype]) { // fault point: check of a shape
      fail(`the tensor "${name}" has the bytes ${start} to ${stop}, which do not fit its shape`);
    }
    end = stop;
  }
  return { entries, metadata: checkMetadata(metadata), bodyStart, sizeBytes: bodyStart + end };
}

/** Checks that a file has the size that its header says. @throws {SyntaxError} if it has another one */
export function checkSize({ sizeBytes }: SafetensorsHeader, found: number): void {
  if (found === sizeBytes) return;
  fail(`its header says that the file has ${sizeBytes} bytes, but it has ${found}`);
}

/**
 * Reads the length of the header, which must fit the file.
 *
 * @param bytes the beginning of a file
 * @param sizeBytes the size of the whole file. Default: that of `bytes`
 * @throws {SyntaxError} if it does not fit
 */
export function readHeaderLength(bytes: Uint8Array, sizeBytes: number = bytes.length): number {
  if (bytes.length < LENGTH_BYTES) {
    fail(`it must have at least ${LENGTH_BYTES} bytes, but has ${bytes.length}`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const most = Math.min(MAX_HEADER_BYTES, sizeBytes - LENGTH_BYTES);
  if (length > BigInt(most)) fail(`its header must have at most ${most} bytes, but has ${length}`);
  return Number(length);
}

/** Converts bytes to numbers. The file is little-endian, and so is every machine that Deno runs on. */
export function decodeValues(dtype: "F64", bytes: Uint8Array): Float64Array;
export function decodeValues(dtype: Dtype, bytes: Uint8Array): Float32Array | Float64Array;
export function decodeValues(dtype: Dtype, bytes: Uint8Array): Float32Array | Float64Array {
  const count = bytes.length / BYTES_PER_VALUE[dtype];
  const values = dtype === "F64" ? new Float64Array(count) : new Float32Array(count);
  new Uint8Array(values.buffer).set(bytes);
  return values;
}

/** Formats the header from a map, because an object would put names that are integers first, before the hash. */
function formatHeader(header: ReadonlyMap<string, unknown>): string {
  const entries = Array.from(
    header,
    ([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`,
  );
  return `{${entries.join(",")}}`;
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = parseStrictJson(utf8.decode(bytes));
  } catch (error) {
    fail(`its header is not JSON in UTF-8: ${(error as Error).message}`);
  }
  if (bytes[0] !== 0x7b || !isRecord(header)) fail("its header must be a JSON object");
  return header;
}

function checkEntry(name: string, entry: unknown): TensorEntry {
  if (!isRecord(entry)) fail(`the entry of the tensor "${name}" must be an object`);
  const unknown = Object.keys(entry).find((key) => !ENTRY_KEYS.includes(key));
  if (unknown !== undefined) {
    fail(`the entry of the tensor "${name}" has the unknown key "${unknown}"`);
  }
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== "F32" && dtype !== "F64") {
    fail(`the tensor "${name}" must have the dtype F32 or F64, but has ${JSON.stringify(dtype)}`);
  }
  if (!isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
    fail(`the tensor "${name}" must have a shape and two offsets`);
  }
  return { name, dtype, shape, start: offsets[0]!, stop: offsets[1]! };
}

function checkMetadata(metadata: unknown): Record<string, string> {
  if (!isRecord(metadata)) fail("its metadata must be an object"); // fault point: check of the metadata
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => {
      if (typeof value !== "string") fail(`its metadata "${key}" must be a string`);
      return [key, value];
    }),
  );
}

/** Copies the values as they are in memory. */
function writeValues(body: Uint8Array, tensors: readonly SavedTensor[]): void {
  let at = 0;
  for (const { values: { buffer, byteOffset, byteLength } } of tensors) {
    body.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
}

function countValues(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fail(what: string): never {
  throw new SyntaxError(`Cannot read the safetensors file: ${what}`);
}
