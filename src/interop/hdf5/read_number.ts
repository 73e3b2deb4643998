/** Numbers in an HDF5 file. @module */
import { fault } from "./hdf5_bytes.ts";
import type { Datatype } from "./read_datatype.ts";

/** Reads one number of any size. @throws {SyntaxError} if it is an integer that a double does not hold */
export function readNumber(bytes: Uint8Array, type: Datatype, what: string): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = type.kind !== "text" && type.kind !== "heap text" && !type.bigEndian;
  if (type.kind === "float") {
    if (type.size === 8) return view.getFloat64(0, little);
    if (type.size === 4) return view.getFloat32(0, little);
  } else if (type.kind === "integer") {
    let value = 0n;
    for (let i = 0; i < type.size; i++) {
      value = value << 8n | BigInt(bytes[little ? type.size - 1 - i : i]!);
    }
    const number = Number(type.signed ? BigInt.asIntN(8 * type.size, value) : value);
    if (Number.isSafeInteger(number)) return number;
    throw fault(`${what} must have integers below 2^53, but has ${number}`);
  }
  throw fault(
    `${what} must be of float32, float64 or integers, but is of ${type.kind} of ${type.size} bytes`,
  );
}
