/**
 * The framing of TFRecord files: length, checksum of the length, data, checksum of the data. A file is a sequence of such records, so
 * files are joined by writing one after the other.
 *
 * Source: tensorflow/core/lib/io/record_writer.h; CRC-32C: RFC 3720, appendix B.4.
 *
 * @module
 */

/** Bytes of a record besides its data: uint64 length, two uint32 checksums. */
const FRAME_BYTES = 16;

/** Castagnoli's polynomial, its lowest bit first. */
const POLYNOMIAL = 0x82f63b78;
/** What is added to a checksum: one of data that contains its own checksum would not be a good one. */
const MASK_DELTA = 0xa282ead8;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
  return crc;
});

/** Frames data as a record. */
export function frameRecord(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(FRAME_BYTES + data.length);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskCrc(computeCrc32c(record.subarray(0, 8))), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskCrc(computeCrc32c(data)), true);
  return record;
}

/** Computes the CRC-32C of bytes. */
export function computeCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Rotates a checksum by 15 bits and adds a constant. */
export function maskCrc(crc: number): number {
  return ((crc >>> 15 | crc << 17) + MASK_DELTA) >>> 0;
}
