/** The beginning of an HDF5 file. Specification, section II.A. @module */
import {
  address,
  type Cursor,
  expect,
  fault,
  type Hdf5File,
  NO_ADDRESS,
  openPart,
  skip,
  uint,
} from "./hdf5_bytes.ts";

/** The first eight bytes of every HDF5 file. */
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Says whether bytes begin as an HDF5 file does. */
export function isHdf5(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/** Reads the superblock. @returns the address of the root group's header */
export function readSuperblock(file: Hdf5File): number {
  if (!isHdf5(file.bytes)) throw fault("it must begin with the signature of HDF5, but does not");
  const cursor = openPart(file, 0, Math.min(file.bytes.length, 104));
  skip(cursor, SIGNATURE.length);
  const version = uint(cursor, 1);
  if (version > 3) throw fault(`the version of its superblock must be 0 to 3, but is ${version}`);
  return version < 2 ? readOld(cursor, version) : readNew(cursor);
}

function readOld(cursor: Cursor, version: number): number {
  skip(cursor, 4);
  checkSizes(cursor);
  skip(cursor, 9 + (version === 1 ? 4 : 0));
  expect(cursor, 8, 0, "its base address");
  skip(cursor, 8);
  checkEnd(cursor);
  if (address(cursor) !== NO_ADDRESS) throw fault("it must have no settings of a driver");
  skip(cursor, 8);
  return address(cursor);
}

function readNew(cursor: Cursor): number {
  checkSizes(cursor);
  skip(cursor, 1);
  expect(cursor, 8, 0, "its base address");
  if (address(cursor) !== NO_ADDRESS) throw fault("its superblock must have no extension");
  checkEnd(cursor);
  return address(cursor);
}

function checkSizes(cursor: Cursor): void {
  expect(cursor, 1, 8, "the bytes of its addresses");
  expect(cursor, 1, 8, "the bytes of its lengths");
}

function checkEnd(cursor: Cursor): void {
  const end = uint(cursor, 8);
  const { length } = cursor.file.bytes;
  if (end !== length) throw fault(`it must be ${end} bytes long, but is ${length}`);
}
