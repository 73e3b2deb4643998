/**
 * The safetensors format: 8 bytes with the length of a JSON header, the header, the values of all tensors.
 *
 * Source: huggingface/safetensors, "Format". Only F32, which is all that is saved here.
 *
 * @module
 */
import type { NamedTensor } from "../model/parameters.ts";

/** Tensors and texts of one file. */
export interface Safetensors {
  /** The tensors in the order of their values. */
  readonly tensors: readonly NamedTensor[];
  /** Free texts by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Longest header that is read: a history of 50,000 epochs. */
const MAX_HEADER_BYTES = 16 * 1024 * 1024;
const BYTES_PER_VALUE = 4;
const ALIGNMENT = 8;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Lays a file out: the metadata come first in the header, in the order of their keys here.
 *
 * @throws {TypeError} if a tensor's name comes twice or its shape disagrees with its values
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
    header.set(name, { dtype: "F32", shape, data_offsets: [start, end] });
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(8 + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength);
  bytes.set(text, 8);
  writeValues(bytes.subarray(8 + headerLength), content.tensors);
  return bytes;
}

/**
 * Reads a file; every declared size is checked before a tensor is touched.
 *
 * @throws {SyntaxError} with the first thing that is wrong
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const headerLength = readHeaderLength(bytes);
  const header = parseHeader(bytes.subarray(8, 8 + headerLength));
  const body = bytes.subarray(8 + headerLength);
  const { __metadata__: metadata = {}, ...entries } = header;
  let end = 0;
  const checked = Object.entries(entries).map(([name, entry]) => checkEntry(name, entry));
  const tensors = checked.sort((a, b) => a.start - b.start || a.stop - b.stop).map(
    ({ name, shape, start, stop }) => {
      if (start !== end) {
        fail(`the tensor "${name}" must start at byte ${end}, but starts at ${start}`);
      }
      if (stop - start !== countValues(shape) * BYTES_PER_VALUE || stop > body.length) {
        fail(
          `the tensor "${name}" has the bytes ${start} to ${stop}, which its shape or the file has not`,
        );
      }
      end = stop;
      return { name, shape, values: readValues(body.subarray(start, stop)) };
    },
  );
  if (end !== body.length) fail(`${body.length - end} bytes follow the last tensor`);
  return { tensors, metadata: checkMetadata(metadata) };
}

/** Reads the length of the header, which must fit the file. @throws {SyntaxError} if it does not */
export function readHeaderLength(bytes: Uint8Array): number {
  if (bytes.length < 8) fail(`it must have at least 8 bytes, but has ${bytes.length}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const most = Math.min(MAX_HEADER_BYTES, bytes.length - 8);
  if (length > BigInt(most)) fail(`its header must have at most ${most} bytes, but has ${length}`);
  return Number(length);
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    fail(`its header is not JSON in UTF-8: ${(error as Error).message}`);
  }
  if (bytes[0] !== 0x7b || !isRecord(header)) fail("its header must be a JSON object");
  return header;
}

function checkEntry(
  name: string,
  entry: unknown,
): { name: string; shape: number[]; start: number; stop: number } {
  if (!isRecord(entry)) fail(`the entry of the tensor "${name}" must be an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== "F32") fail(`the tensor "${name}" must have the dtype F32, but has ${dtype}`);
  if (!isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
    fail(`the tensor "${name}" must have a shape and two offsets`);
  }
  return { name, shape, start: offsets[0]!, stop: offsets[1]! };
}

function checkMetadata(metadata: unknown): Record<string, string> {
  if (!isRecord(metadata)) fail("its metadata must be an object");
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => {
      if (typeof value !== "string") fail(`its metadata "${key}" must be a string`);
      return [key, value];
    }),
  );
}

/** The file is little-endian, and so is every machine that Deno runs on: values are copied as they lie in memory. */
function writeValues(body: Uint8Array, tensors: readonly NamedTensor[]): void {
  let at = 0;
  for (const { values: { buffer, byteOffset, byteLength } } of tensors) {
    body.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
}

function readValues(bytes: Uint8Array): Float32Array {
  const values = new Float32Array(bytes.length / BYTES_PER_VALUE);
  new Uint8Array(values.buffer).set(bytes);
  return values;
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
