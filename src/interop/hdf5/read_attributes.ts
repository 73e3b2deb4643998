/** Attributes in an HDF5 file. Specification, sections IV.A.2.m (attributes) and III.E (texts in a global heap). @module */
import { quoteName } from "../quote_name.ts";
import {
  address,
  type Cursor,
  decodeUpToZero,
  fault,
  type Hdf5File,
  openBlock,
  openPart,
  skip,
  takeBytes,
  takePart,
  uint,
} from "./hdf5_bytes.ts";
import type { Hdf5Attributes } from "./hdf5_tree.ts";
import { countValues, type Datatype, readDatatype, readShape } from "./read_datatype.ts";
import { readDense } from "./read_dense.ts";
import { readNumber } from "./read_number.ts";
import { findMessage, MESSAGE, type Message } from "./read_messages.ts";

type AttributeValue = string | readonly string[] | number;

/** Reads the attributes of an object. */
export function readAttributes(file: Hdf5File, messages: readonly Message[]): Hdf5Attributes {
  const attributes = new Map<string, AttributeValue>();
  const contents = messages.filter(({ type }) => type === MESSAGE.attribute);
  const info = findMessage(messages, MESSAGE.attributeInfo);
  const dense = info === undefined ? [] : readDense(info, "attributes");
  for (const cursor of [...contents.map(({ content }) => content), ...dense]) {
    const [name, value] = readAttribute(file, cursor);
    if (attributes.has(name)) {
      throw fault(`an object must have the attribute ${quoteName(name)} once`);
    }
    attributes.set(name, value);
  }
  return attributes;
}

function readAttribute(file: Hdf5File, cursor: Cursor): [string, AttributeValue] {
  const [version, flags] = [uint(cursor, 1), uint(cursor, 1)];
  if (version < 1 || version > 3) {
    throw fault(`the version of an attribute must be 1 to 3, but is ${version}`);
  }
  if (version > 1 && flags !== 0) throw fault("an attribute must have a type of its own");
  const [nameSize, typeSize, shapeSize] = [uint(cursor, 2), uint(cursor, 2), uint(cursor, 2)];
  if (version === 3) skip(cursor, 1);
  const take = (size: number): Cursor => {
    const part = takePart(cursor, size);
    if (version === 1) skip(cursor, -size & 7);
    return part;
  };
  const name = decodeUpToZero(takeBytes(take(nameSize), nameSize));
  const what = `the attribute ${quoteName(name)}`;
  const type = readDatatype(take(typeSize), what);
  const shape = readShape(take(shapeSize), what);
  const count = countValues(shape, file.left.attributeBytes, what);
  spend(file, nameSize + count * type.size, what);
  const values = Array.from({ length: count }, () => readValue(file, cursor, type, what));
  return [name, arrange(values, shape, what)];
}

/** Takes bytes from what all attributes may have. */
function spend(file: Hdf5File, size: number, what: string): void {
  file.left.attributeBytes -= size;
  if (file.left.attributeBytes >= 0) return;
  throw fault(
    `all its attributes must have at most ${file.limits.attributeBytes} bytes, but ${what} has more`,
  );
}

function readValue(
  file: Hdf5File,
  cursor: Cursor,
  type: Datatype,
  what: string,
): string | number {
  if (type.kind === "text") return decodeUpToZero(takeBytes(cursor, type.size));
  if (type.kind === "heap text") return readHeapText(file, cursor, what);
  return readNumber(takeBytes(cursor, type.size), type, what);
}

function arrange(
  values: readonly (string | number)[],
  shape: readonly number[],
  what: string,
): AttributeValue {
  const texts = values.filter((value) => typeof value === "string");
  if (shape.length === 1 && texts.length === values.length) return texts;
  if (values.length === 1) return values[0]!;
  throw fault(
    `${what} must be a number, a text or a list of texts, but has the shape (${shape.join(", ")})`,
  );
}

function readHeapText(file: Hdf5File, cursor: Cursor, what: string): string {
  const size = uint(cursor, 4);
  const at = address(cursor);
  const index = uint(cursor, 4);
  if (size === 0) return "";
  const bytes = openHeap(file, at).get(index);
  if (bytes === undefined || bytes.length < size) {
    throw fault(`${what} must have its text of ${size} bytes in the file, but has not`);
  }
  spend(file, size, what);
  return decodeUpToZero(bytes.subarray(0, size));
}

/** Reads a collection of texts. */
function openHeap(file: Hdf5File, at: number): ReadonlyMap<number, Uint8Array> {
  const known = file.heaps.get(at);
  if (known !== undefined) return known;
  const head = openBlock(file, at, 16, "GCOL");
  skip(head, 4);
  const cursor = openPart(file, at, uint(head, 8));
  skip(cursor, 16);
  const heap = new Map<number, Uint8Array>();
  while (cursor.end - cursor.at >= 16) {
    const index = uint(cursor, 2);
    if (index === 0) break;
    skip(cursor, 6);
    const size = uint(cursor, 8);
    heap.set(index, takeBytes(cursor, size));
    skip(cursor, Math.min(-size & 7, cursor.end - cursor.at));
  }
  file.heaps.set(at, heap);
  return heap;
}
