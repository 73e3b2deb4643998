/** Places buffers within a block of the kernels' memory, in the layouts that the kernels use. @module */

/** Buffers by name. */
export type Addresses<Name extends string> = Readonly<Record<Name, number>>;

/** Offsets of named buffers in one block, and the size of the block. */
export interface Layout<Name extends string> {
  readonly sizeBytes: number;
  /** Gives the addresses of the buffers in a block that begins at an address. */
  at(address: number): Addresses<Name>;
}

/** Places named buffers, of sizes in bytes, one after the other; each begins at a cache line. */
export function layOut<Name extends string>(sizes: Readonly<Record<Name, number>>): Layout<Name> {
  const offsets: [Name, number][] = [];
  let sizeBytes = 0;
  for (const name of Object.keys(sizes) as Name[]) {
    offsets.push([name, sizeBytes]);
    sizeBytes += Math.ceil(sizes[name] / 64) * 64;
  }
  return {
    sizeBytes,
    at: (address) =>
      Object.fromEntries(offsets.map(([name, offset]) => [name, address + offset])) as Addresses<
        Name
      >,
  };
}

/** Bytes of the lanes of 8 rows: `laneBytes` of arguments.as. */
export function laneBytes(features: number): number {
  return 32 * 4 * (Math.ceil(features / 4) + 1);
}

/** Bytes of a packed right-hand side: panels of 4 columns. */
export function packedBytes(depth: number, columns: number): number {
  return 16 * depth * Math.ceil(columns / 4);
}

/** Rows that a panel has room for: 4 more than it uses, so that panels do not compete for the same cache lines. */
export function panelRows(rows: number): number {
  return rows + 4;
}

/** Bytes of panels of 4 or 8 features, with some rows. */
export function panelBytes(rows: number, features: number, width: 4 | 8): number {
  return 4 * width * panelRows(rows) * Math.ceil(features / width);
}
