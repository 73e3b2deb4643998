/** Places buffers within a block of the kernels' memory, in the layouts that the kernels use. @module */
import { ALIGNMENT, blockBytes } from "./heap.ts";

/** Offsets of named buffers in one block, and the size of the block. */
export interface Layout {
  readonly sizeBytes: number;
  /** Gives the address of a buffer in a block that begins at an address; 0 if there is no such buffer. */
  at(block: number, name: string): number;
}

/** Gives the address of a buffer; 0: there is no such buffer. */
export type AddressOf = (name: string) => number;

/** Places named buffers, of sizes in bytes, one after the other; each begins at a cache line. Those of no bytes are left out. */
export function layOut(sizes: readonly (readonly [name: string, bytes: number])[]): Layout {
  const offsets = new Map<string, number>();
  let sizeBytes = 0;
  for (const [name, bytes] of sizes) {
    if (bytes === 0) continue;
    offsets.set(name, sizeBytes);
    sizeBytes += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
  }
  return {
    sizeBytes,
    at(block, name): number {
      const offset = offsets.get(name);
      return offset === undefined ? 0 : block + offset;
    },
  };
}

/** Gives the bytes that the heap takes for a layout. */
export function layoutBytes({ sizeBytes }: Layout): number {
  return blockBytes(sizeBytes);
}

/** Bytes of the lanes of 8 rows: `laneBytes` of layer.as. */
export function laneBytes(features: number): number {
  return 32 * 4 * (Math.ceil(features / 4) + 1);
}

/** Bytes of a packed right-hand side: panels of 4 columns. */
export function packedBytes(depth: number, columns: number): number {
  return 16 * depth * Math.ceil(columns / 4);
}

/** Bytes from panel to panel of 4 or 8 features: 4 more rows than are used, so that panels do not compete for the same cache lines. */
export function panelStride(rows: number, width: 4 | 8): number {
  return 4 * width * (rows + 4);
}

/** Bytes of panels of 4 or 8 features, with some rows. */
export function panelBytes(rows: number, features: number, width: 4 | 8): number {
  return panelStride(rows, width) * Math.ceil(features / width);
}
