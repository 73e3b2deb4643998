/**
 * The bytes of an HDF5 file, read with bounds. Nothing outside them is read, nothing is read twice as part of the structure, and all
 * that is read of it is bounded by the file's size.
 *
 * Source of the format: HDF5 File Format Specification, version 3.0 (The HDF Group). Numbers are little-endian.
 *
 * @module
 */

/** How much a file may hold. */
export interface Hdf5Limits {
  /** Deepest group below the root. */
  readonly depth: number;
  /** Most groups and datasets. */
  readonly objects: number;
  /** Most values of all datasets. */
  readonly values: number;
  /** Most bytes of all attributes. */
  readonly attributeBytes: number;
}

/** A file that is being read, and what may still be read of it. */
export interface Hdf5File {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
  readonly limits: Hdf5Limits;
  /** Addresses of the structure's blocks that were read: none belongs to two others. */
  readonly visited: Set<number>;
  /** Collections of texts, by address. */
  readonly heaps: Map<number, ReadonlyMap<number, Uint8Array>>;
  readonly left: { structure: number; objects: number; values: number; attributeBytes: number };
}

/** Reads one number after the other in a part of the file. */
export interface Cursor {
  readonly file: Hdf5File;
  /** The position in the file. */
  at: number;
  /** Where the part ends. */
  readonly end: number;
}

/** The address that stands for none. */
export const NO_ADDRESS = -1;

/** The structure is read once; some of its blocks are larger than what is read of them. */
const MOST_STRUCTURE = 4;

/** Makes the error of a file that cannot be read. */
export function fault(reason: string): SyntaxError {
  return new SyntaxError(`Cannot read the HDF5 file: ${reason}`);
}

/** Begins to read a file. */
export function openHdf5(bytes: Uint8Array<ArrayBuffer>, limits: Hdf5Limits): Hdf5File {
  const { objects, values, attributeBytes } = limits;
  return {
    ...{ bytes, limits, visited: new Set(), heaps: new Map() },
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    left: { structure: MOST_STRUCTURE * bytes.length, objects, values, attributeBytes },
  };
}

/** Begins to read a part of the file. */
export function openPart(file: Hdf5File, at: number, size: number): Cursor {
  if (at < 0 || at + size > file.bytes.length) {
    throw fault(
      `its parts must be within its ${file.bytes.length} bytes, but one of ${size} bytes is at ${
        at < 0 ? "no address" : at
      }`,
    );
  }
  file.left.structure -= size;
  if (file.left.structure < 0) throw fault("its parts must not overlap, but do");
  return { file, at, end: at + size };
}

/** Begins to read a block that nothing else has read, and that begins with four letters. */
export function openBlock(file: Hdf5File, at: number, size: number, letters: string): Cursor {
  visit(file, at);
  const cursor = openPart(file, at, size);
  for (let i = 0; i < letters.length; i++) {
    if (uint(cursor, 1) === letters.charCodeAt(i)) continue;
    throw fault(`a part of it must begin with ${letters}, but the one at ${at} does not`);
  }
  return cursor;
}

/** Notes that something has read the block at an address, which must not have been read before. */
export function visit(file: Hdf5File, at: number): void {
  if (file.visited.has(at)) {
    throw fault(`its links must form a tree, but two lead to the address ${at}`);
  }
  file.visited.add(at);
}

/** Begins to read a part of a part. */
export function takePart(cursor: Cursor, size: number): Cursor {
  const { file } = cursor;
  const at = skip(cursor, size);
  return { file, at, end: at + size };
}

/** Goes on by a number of bytes. @returns the position before */
export function skip(cursor: Cursor, size: number): number {
  const at = cursor.at;
  if (at + size > cursor.end) {
    throw fault(`a part of it must have ${at + size - cursor.end} bytes more at ${cursor.end}`);
  }
  cursor.at = at + size;
  return at;
}

/** Takes bytes, without a copy. */
export function takeBytes(cursor: Cursor, size: number): Uint8Array<ArrayBuffer> {
  const at = skip(cursor, size);
  return cursor.file.bytes.subarray(at, at + size);
}

/** Reads an unsigned number of 1 to 8 bytes. */
export function uint(cursor: Cursor, size: number): number {
  const at = skip(cursor, size);
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + cursor.file.bytes[at + i]!;
  if (Number.isSafeInteger(value)) return value;
  throw fault(`its numbers must be below 2^53, but one at ${at} is ${value}`);
}

/** Reads an address; NO_ADDRESS if there is none. */
export function address(cursor: Cursor): number {
  const { bytes } = cursor.file;
  const { at } = cursor;
  if (at + 8 <= cursor.end && bytes.subarray(at, at + 8).every((byte) => byte === 0xff)) {
    cursor.at += 8;
    return NO_ADDRESS;
  }
  return uint(cursor, 8);
}

/** Reads a number that must have one value. */
export function expect(cursor: Cursor, size: number, wanted: number, what: string): void {
  const found = uint(cursor, size);
  if (found !== wanted) throw fault(`${what} must be ${wanted}, but is ${found}`);
}

/** Decodes a text of UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw fault("its texts must be UTF-8, but one is not");
  }
}

/** Decodes a text up to its first zero. */
export function decodeUpToZero(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeText(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Gives the number of bytes of a number up to another. */
export function byteLength(most: number): number {
  return Math.floor(Math.log2(Math.max(1, most)) / 8) + 1;
}
