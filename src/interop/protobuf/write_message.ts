/**
 * Writes messages of Protocol Buffers, field by field. Numbers and types of fields come from the message's definition. The same fields
 * give the same bytes.
 *
 * Source: https://protobuf.dev/programming-guides/encoding/.
 *
 * @module
 */

/** A field with its number, ready to be joined with others. It may hold the caller's bytes, which are not copied before the end. */
export type Field = readonly Uint8Array[];

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** Largest number of a field. */
const MAX_FIELD = 2 ** 29 - 1;

/** The integers that fit into one byte, written. Every message has many of them. */
const ONE_BYTE = Array.from({ length: 0x80 }, (_, value) => Uint8Array.of(value));

const encoder = new TextEncoder();

/**
 * Joins fields in the order in which they are given.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { intField, textField, writeMessage } from "./write_message.ts";
 *
 * const bytes = writeMessage([intField(1, 150), textField(2, "hi")]);
 * assertEquals([...bytes], [0x08, 0x96, 0x01, 0x12, 2, 0x68, 0x69]);
 * ```
 */
export function writeMessage(fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const parts = fields.flat();
  const bytes = new Uint8Array(countBytes(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Writes an `int32`, `int64`, `uint32`, `uint64`, `bool` (0 or 1) or an enum. A negative number takes ten bytes. */
export function intField(number: number, value: number | bigint): Field {
  return [tag(number, VARINT), varint(value)];
}

/** Writes a `float`. */
export function floatField(number: number, value: number): Field {
  return [tag(number, FIXED_32), littleEndian(4, (view) => view.setFloat32(0, value, true))];
}

/** Writes a `double`. */
export function doubleField(number: number, value: number): Field {
  return [tag(number, FIXED_64), littleEndian(8, (view) => view.setFloat64(0, value, true))];
}

/** Writes `bytes`. */
export function bytesField(number: number, value: Uint8Array): Field {
  return delimited(number, [value]);
}

/** Writes a `string` as UTF-8. */
export function textField(number: number, value: string): Field {
  return delimited(number, [encoder.encode(value)]);
}

/** Writes a message within a message. */
export function messageField(number: number, fields: readonly Field[]): Field {
  return delimited(number, fields.flat());
}

/** Writes repeated integers or enums, packed. */
export function intsField(number: number, values: readonly (number | bigint)[]): Field {
  return delimited(number, values.map(varint));
}

/** Writes repeated `float`, packed. */
export function floatsField(number: number, values: ArrayLike<number>): Field {
  return delimited(number, [
    littleEndian(4 * values.length, (view) => {
      for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i]!, true);
    }),
  ]);
}

/** Writes repeated `double`, packed. */
export function doublesField(number: number, values: ArrayLike<number>): Field {
  return delimited(number, [
    littleEndian(8 * values.length, (view) => {
      for (let i = 0; i < values.length; i++) view.setFloat64(8 * i, values[i]!, true);
    }),
  ]);
}

function delimited(number: number, parts: Field): Field {
  return [tag(number, LENGTH_DELIMITED), varint(countBytes(parts)), ...parts];
}

function tag(number: number, type: number): Uint8Array {
  if (!Number.isInteger(number) || number < 1 || number > MAX_FIELD) {
    throw new RangeError(
      `Cannot write the field: its number must be an integer from 1 to ${MAX_FIELD}, but is ${number}`,
    );
  }
  return varint(number * 8 + type);
}

/** Seven bits a byte, the lowest first; every byte but the last has its highest bit set. */
function varint(value: number | bigint): Uint8Array {
  const fits = typeof value === "bigint"
    ? value >= -(2n ** 63n) && value < 2n ** 64n
    : Number.isSafeInteger(value);
  if (!fits) {
    throw new RangeError(
      `Cannot write the field: its value must be an integer of at most 64 bits, exact as a number, but is ${value}`,
    );
  }
  if (value >= 0 && value <= 0x7f) return ONE_BYTE[Number(value)]!; // most tags and lengths
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(rest)]);
}

function littleEndian(length: number, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  fill(new DataView(bytes.buffer));
  return bytes;
}

function countBytes(parts: Field): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
