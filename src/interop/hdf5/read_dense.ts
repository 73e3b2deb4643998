/**
 * Links or attributes that are stored apart from their object's header, as newer files have them when there are more than eight: a
 * fractal heap that holds them, and a B-tree of version 2 that lists them.
 *
 * @module
 */
import { address, type Cursor, expect, NO_ADDRESS, skip, uint } from "./hdf5_bytes.ts";
import { findInHeap, readHeap } from "./read_heap.ts";
import { readRecords } from "./read_records.ts";

/** Reads the entries that a message of link or attribute info names. */
export function readDense(info: Cursor, what: "links" | "attributes"): Cursor[] {
  const { file } = info;
  expect(info, 1, 0, `the version of the info of ${what}`);
  if (uint(info, 1) & 1) skip(info, what === "links" ? 8 : 2);
  const [heapAt, treeAt] = [address(info), address(info)];
  if (heapAt === NO_ADDRESS) return [];
  const heap = readHeap(file, heapAt);
  const isLinks = what === "links";
  return readRecords(file, treeAt, isLinks ? 5 : 8).map((record) => {
    if (isLinks) skip(record, 4); // the name's hash
    return findInHeap(file, heap, record);
  });
}
