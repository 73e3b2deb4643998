/** Recognises files that are not UTF-8 text by their first bytes. @module */

/** What a file can be instead of UTF-8 text, with the bytes that it begins with; `undefined` stands for any byte but 0. */
const SIGNATURES: readonly {
  readonly kind: string;
  readonly bytes: readonly (number | undefined)[];
}[] = [
  { kind: "UTF-32 text", bytes: [0xff, 0xfe, 0, 0] },
  { kind: "UTF-32 text", bytes: [0, 0, 0xfe, 0xff] },
  { kind: "UTF-32 text", bytes: [undefined, 0, 0, 0] },
  { kind: "UTF-32 text", bytes: [0, 0, 0, undefined] },
  { kind: "UTF-16 text", bytes: [0xff, 0xfe] },
  { kind: "UTF-16 text", bytes: [0xfe, 0xff] },
  { kind: "UTF-16 text", bytes: [undefined, 0] },
  { kind: "UTF-16 text", bytes: [0, undefined] },
  { kind: "compressed by gzip", bytes: [0x1f, 0x8b] },
  { kind: "compressed by zstd", bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { kind: "compressed by xz", bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
  { kind: "compressed by bzip2", bytes: [0x42, 0x5a, 0x68, 0x39] },
  { kind: "a zip archive or a spreadsheet", bytes: [0x50, 0x4b, 0x03, 0x04] },
];

/** Number of bytes that are needed to recognise a file. */
export const SIGNATURE_BYTES = 5;

/** Says what a file is by its first bytes, if it is surely not UTF-8 text. */
export function recognizeForeignBytes(start: Uint8Array): string | undefined {
  return SIGNATURES.find(({ bytes }) =>
    start.length >= bytes.length &&
    bytes.every((byte, at) => byte === undefined ? start[at] !== 0 : start[at] === byte)
  )?.kind;
}
