/** Memory shared with compute kernels and threads, and who has which part of it. @module */

/** A WebAssembly memory that is given out in blocks. */
export interface Heap {
  readonly memory: WebAssembly.Memory;
  /** Bytes given out now. */
  readonly usedBytes: number;
  /**
   * Gives out a block.
   *
   * @returns its address, a multiple of 64; the 64 bytes after the block may be read, whatever they hold
   * @throws {RangeError} if there is not as much memory
   */
  allocate(sizeBytes: number): number;
  /** Takes a block back. */
  free(address: number): void;
}

/** Bytes that a memory of 32-bit addresses can have: 4 GiB. */
export const MAX_HEAP_BYTES = 2 ** 32;

/** 64 KiB: what WebAssembly memory grows by. */
const PAGE_BYTES = 65_536;
const MAXIMUM_PAGES = MAX_HEAP_BYTES / PAGE_BYTES;
/** A cache line; also room for kernels to read whole vectors past an end. */
const ALIGNMENT = 64;

/**
 * Makes a shared memory and gives out its bytes from an address on: always the lowest gap that fits, so that the same
 * requests get the same addresses and memory stays as small as the most that was in use at once.
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
      const size = align(sizeBytes + ALIGNMENT);
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

/** Puts a gap where it belongs by address, as one with the gaps that it touches. */
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
