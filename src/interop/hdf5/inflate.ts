/** Decompresses, with a bound that is kept while it does. @module */
import { fault } from "./hdf5_bytes.ts";

/**
 * Decompresses bytes in zlib's format (RFC 1950), whose checksum is checked.
 *
 * @throws {SyntaxError} if they are not valid, or become more than `most` bytes
 */
export async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  most: number,
  what: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const plain = new Uint8Array(most);
  let length = 0;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return plain.subarray(0, length);
      if (length + value.length > most) break;
      plain.set(value, length);
      length += value.length;
    }
  } catch (error) {
    throw fault(
      `${what} must be compressed without a fault, but is not: ${(error as Error).message}`,
    );
  }
  await reader.cancel().catch(() => {});
  throw fault(`a chunk of ${what} must have ${most} bytes, but has more`);
}
