/** Rows of bytes of the same length, one behind the other: the indices of many texts. @module */

/** Most bytes of a list: every platform's typed arrays can hold so many. */
export const MAX_BYTES = 2 ** 32;

/** A row: the array that it is in, and its first position. */
export interface RowPlace {
  /** The array, uint8. */
  readonly to: Uint8Array;
  /** The first position. */
  readonly start: number;
}

/** A list of rows of bytes that grows. */
export interface RowList {
  /** Makes room for one more row. */
  addRow(): RowPlace;
  /** Gives all rows. */
  take(): Uint8Array;
}

/** Makes a list of rows of bytes, in one buffer that has room for those that are expected, and doubles when it is full. */
export function createRowList(length: number, expected = 0): RowList {
  let to = new Uint8Array(Math.max(1 << 16, length, Math.min(MAX_BYTES, length * expected)));
  let end = 0;
  return {
    addRow(): RowPlace {
      const start = end;
      end += length;
      if (end > to.length) {
        const larger = new Uint8Array(2 * to.length);
        larger.set(to);
        to = larger;
      }
      return { to, start };
    },
    take: () => end === to.length ? to : to.slice(0, end),
  };
}

/** Copies a row of a matrix of indices to a row of another one. */
export function copyRow(
  from: Uint8Array,
  fromRow: number,
  to: Uint8Array | Int32Array,
  toRow: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) to[toRow * length + i] = from[fromRow * length + i]!;
}
