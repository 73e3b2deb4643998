/** The filters of an HDF5 file's dataset. Specification, section IV.A.2.l. @module */
import { type Cursor, fault, skip, uint } from "./hdf5_bytes.ts";
import { inflate } from "./inflate.ts";

/** What is done with a chunk's bytes after they are read, last one first. */
export type Filter = "inflate" | "unshuffle";

const FILTERS: ReadonlyMap<number, Filter> = new Map([[1, "inflate"], [2, "unshuffle"]]);
const FILTER_NAMES: ReadonlyMap<number, string> = new Map([
  ...[[3, "Fletcher32"], [4, "SZIP"], [5, "N-bit"], [6, "scale and offset"], [
    32000,
    "LZF",
  ]] as const,
]);

/** Reads which filters a dataset has, in the order in which they were applied. */
export function readFilters(cursor: Cursor, what: string): Filter[] {
  const [version, count] = [uint(cursor, 1), uint(cursor, 1)];
  if (version !== 1 && version !== 2) {
    throw fault(`the version of filters must be 1 or 2, but is ${version}`);
  }
  if (version === 1) skip(cursor, 6);
  return Array.from({ length: count }, () => {
    const id = uint(cursor, 2);
    const nameSize = version === 1 || id >= 256 ? uint(cursor, 2) : 0;
    skip(cursor, 2);
    const settings = uint(cursor, 2);
    skip(cursor, nameSize + (version === 1 ? -nameSize & 7 : 0));
    skip(cursor, 4 * (settings + (version === 1 ? settings & 1 : 0)));
    const filter = FILTERS.get(id);
    if (filter !== undefined) return filter;
    throw fault(
      `${what} must be compressed with gzip or not, but has the filter ${
        FILTER_NAMES.get(id) ?? id
      }`,
    );
  });
}

/** Undoes the filters of a chunk. */
export async function applyFilters(
  stored: Uint8Array<ArrayBuffer>,
  filters: readonly Filter[],
  { chunkSize, valueSize, what }: {
    readonly chunkSize: number;
    readonly valueSize: number;
    readonly what: string;
  },
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = stored;
  for (const filter of filters.toReversed()) {
    bytes = filter === "inflate"
      ? await inflate(bytes, chunkSize, what)
      : unshuffle(bytes, valueSize);
  }
  if (bytes.length === chunkSize) return bytes;
  throw fault(`a chunk of ${what} must have ${chunkSize} bytes, but has ${bytes.length}`);
}

/** Puts the bytes of each value together: the filter has stored the first bytes of all values, then the second ones. */
function unshuffle(bytes: Uint8Array, valueSize: number): Uint8Array<ArrayBuffer> {
  const count = Math.floor(bytes.length / valueSize);
  const plain = new Uint8Array(bytes);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < valueSize; j++) plain[i * valueSize + j] = bytes[j * count + i]!;
  }
  return plain;
}
