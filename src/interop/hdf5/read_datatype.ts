/** Types and shapes in an HDF5 file. Specification, sections IV.A.2.b and IV.A.2.d. @module */
import { type Cursor, fault, skip, uint } from "./hdf5_bytes.ts";

/** A type that is read. */
export type Datatype =
  & { readonly size: number }
  & (
    | { readonly kind: "float"; readonly bigEndian: boolean }
    | { readonly kind: "integer"; readonly bigEndian: boolean; readonly signed: boolean }
    | { readonly kind: "text" }
    | { readonly kind: "heap text" }
  );

/** Names of the classes of types. */
const CLASSES = [
  ...["integer", "float", "time", "text", "bit field", "opaque", "compound", "reference"],
  ...["enumeration", "variable-length", "array", "complex"],
];
/** Sign, exponent and mantissa of the float types of IEEE 754, as a datatype lists them. */
const IEEE: ReadonlyMap<number, string> = new Map([
  [2, "10 5 0 10 15"],
  [4, "23 8 0 23 127"],
  [8, "52 11 0 52 1023"],
]);
/** Most dimensions of a dataset. */
const MOST_DIMENSIONS = 8;

/** Reads a type. @param what whose it is, for errors */
export function readDatatype(cursor: Cursor, what: string): Datatype {
  const head = uint(cursor, 1);
  const bits = uint(cursor, 1);
  skip(cursor, 2);
  const size = uint(cursor, 4);
  const bigEndian = (bits & 1) === 1;
  if (size === 0) throw fault(`${what} must have values of a size above 0, but has not`);
  switch (head & 15) {
    case 0:
      checkPrecision(cursor, size, what);
      return { kind: "integer", size, bigEndian, signed: (bits & 8) !== 0 };
    case 1:
      if (bits & 0x40) throw fault(`${what} must not have the byte order of VAX, but has`);
      checkPrecision(cursor, size, what);
      checkIeee(cursor, size, what);
      return { kind: "float", size, bigEndian };
    case 3:
      return { kind: "text", size };
    case 9:
      if ((bits & 15) === 1 && size === 16) return { kind: "heap text", size };
  }
  throw fault(
    `${what} must be of numbers or texts, but is of the type ${CLASSES[head & 15] ?? head & 15}`,
  );
}

function checkPrecision(cursor: Cursor, size: number, what: string): void {
  const [offset, precision] = [uint(cursor, 2), uint(cursor, 2)];
  if (offset === 0 && precision === size * 8 && size <= 8) return;
  throw fault(`${what} must use all ${size * 8} bits of its values, but uses ${precision}`);
}

function checkIeee(cursor: Cursor, size: number, what: string): void {
  const [exponentAt, exponent, mantissaAt, mantissa, bias] = [
    ...[uint(cursor, 1), uint(cursor, 1), uint(cursor, 1), uint(cursor, 1), uint(cursor, 4)],
  ];
  const found = [exponentAt, exponent, mantissaAt, mantissa, bias].join(" ");
  if (found !== IEEE.get(size)) {
    throw fault(`${what} must have floats of IEEE 754, but has others of ${size} bytes`);
  }
}

/** Reads a shape: () of a scalar. */
export function readShape(cursor: Cursor, what: string): readonly number[] {
  const [version, rank, flags] = [uint(cursor, 1), uint(cursor, 1), uint(cursor, 1)];
  if (version !== 1 && version !== 2) {
    throw fault(`the version of a shape must be 1 or 2, but is ${version}`);
  }
  if (version === 1) skip(cursor, 5);
  else if (uint(cursor, 1) === 2) throw fault(`${what} must have values, but has none`);
  if (version === 1 && flags & 2) throw fault(`${what} must not permute its dimensions, but does`);
  if (rank > MOST_DIMENSIONS) {
    throw fault(`${what} must have at most ${MOST_DIMENSIONS} dimensions, but has ${rank}`);
  }
  return Array.from({ length: rank }, () => uint(cursor, 8));
}

/** Counts the values of a shape. @throws {SyntaxError} if there are more than `most` */
export function countValues(shape: readonly number[], most: number, what: string): number {
  const count = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
  if (count <= most) return count;
  throw fault(`${what} must have at most ${most} values, but has the shape (${shape.join(", ")})`);
}
