/** Allocates blocks of the memory that compute kernels and threads share. @module */

/** A WebAssembly memory that is allocated in blocks. */
export interface Heap {
  readonly memory: WebAssembly.Memory;
  /** Bytes that are allocated now. */
  readonly usedBytes: number;
  /**
   * Allocates a block.
   *
   * @returns its address, a multiple of 64; the 64 bytes after the block may be read, but their contents are undefined
   * @throws {RangeError} if there is not enough memory
   */
  allocate(sizeBytes: number): number;
  /** Frees a block. */
  free(address: number): void;
}

/** Most bytes of a memory with 32-bit addresses: 4 GiB. */
export const MAX_HEAP_BYTES = 2 ** 32;

/** Bytes by which WebAssembly memory grows: 64 KiB. */
const PAGE_BYTES = 65_536;
const MAXIMUM_PAGES = MAX_HEAP_BYTES / PAGE_BYTES;
/** Bytes of a cache line. A kernel may also read a whole vector past the end of a block. */
export const ALIGNMENT = 64;

/** Gives the bytes that a block of some size takes. */
export function blockBytes(sizeBytes: number): number {
  return align(sizeBytes + ALIGNMENT);
}

/**
 * Makes a shared memory and allocates its bytes from an address on. A block goes into the lowest gap that fits, so that the same
 * requests get the same addresses and the memory stays small.
 */
export function createHeap(firstAddress: number): Heap {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES, shared: true });
  const sizes = new Map<number, number>();
  let gaps = [{ address: align(firstAddress), size: MAXIMUM_PAGES * PAGE_BYTES - firstAddress }];
  let grownBytes = PAGE_BYTES;
  let usedBytes = 0;
  return {
    memory,
    get usedBytes(): number {
      return usedBytes;
    },
    allocate(sizeBytes: number): number {
      const size = blockBytes(sizeBytes);
      const gap = gaps.find((gap) => gap.size >= size);
      if (gap === undefined) throw outOfMemory(sizeBytes, usedBytes);
      const { address } = gap;
      if (address + size > grownBytes) {
        const pages = Math.ceil((address + size - grownBytes) / PAGE_BYTES);
        try {
          memory.grow(pages);
        } catch (cause) {
          throw outOfMemory(sizeBytes, usedBytes, cause);
        }
        grownBytes += pages * PAGE_BYTES;
      }
      gap.address += size;
      gap.size -= size;
      if (gap.size === 0) gaps = gaps.filter((other) => other !== gap);
      sizes.set(address, size);
      usedBytes += size;
      return address;
    },
    free(address: number): void {
      const size = sizes.get(address);
      if (size === undefined) throw new RangeError(`Cannot free ${address}: it was not allocated`);
      sizes.delete(address);
      usedBytes -= size;
      insertGap(gaps, { address, size });
    },
  };
}

interface Gap {
  address: number;
  size: number;
}

/** Inserts a gap in the order of addresses, and joins it with the gaps that it touches. */
function insertGap(gaps: Gap[], gap: Gap): void {
  let at = gaps.findIndex(({ address }) => address > gap.address);
  if (at < 0) at = gaps.length;
  const before = gaps[at - 1];
  const after = gaps[at];
  const joinsAfter = after !== undefined && gap.address + gap.size === after.address;
  if (before !== undefined && before.address + before.size === gap.address) {
    before.size += gap.size + (joinsAfter ? after.size : 0);
    if (joinsAfter) gaps.splice(at, 1);
  } else if (joinsAfter) {
    after.address = gap.address;
    after.size += gap.size;
  } else {
    gaps.splice(at, 0, gap);
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function outOfMemory(sizeBytes: number, usedBytes: number, cause?: unknown): RangeError {
  return new RangeError(
    `Cannot allocate ${sizeBytes} bytes for compute kernels: ${usedBytes} of at most 4 GiB are in use`,
    { cause },
  );
}
