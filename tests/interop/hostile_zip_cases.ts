/** Archives that must be refused. @module */
import { type Zippable, zipSync } from "fflate";
import type { HostileCase } from "./hostile_case.ts";

/** The files that may be in the archives of the tests, with their largest sizes. */
export const MOST = { "a.txt": 1000, "b.txt": 1000 } as const;

const A = new TextEncoder().encode("a".repeat(100));
const LARGE = new Uint8Array(10 * 2 ** 20);

function zip(files: Zippable): Uint8Array<ArrayBuffer> {
  return new Uint8Array(zipSync(files, { mtime: new Date(2000, 0, 1) }));
}

/** An archive that is read. */
export function makeArchive(): Uint8Array<ArrayBuffer> {
  return zip({ "a.txt": A, "b.txt": [A, { level: 0 }] });
}

type Change = (bytes: Uint8Array<ArrayBuffer>, view: DataView) => void;

/** Changes an archive that is read. @param part of each entry: its `local` header, the `central` one, or the `end` */
function changed(change: Change): () => Uint8Array<ArrayBuffer> {
  return () => {
    const bytes = makeArchive();
    change(bytes, new DataView(bytes.buffer));
    return bytes;
  };
}

/** Finds the n-th header: PK 3 4 is local, PK 1 2 central, PK 5 6 the end. */
function find(bytes: Uint8Array, kind: "local" | "central" | "end", nth = 0): number {
  const second = { local: 3, central: 1, end: 5 }[kind];
  for (let at = 0, seen = 0; at < bytes.length - 3; at++) {
    const isHeader = bytes[at] === 0x50 && bytes[at + 1] === 0x4b && bytes[at + 2] === second &&
      bytes[at + 3] === second + 1;
    if (isHeader && seen++ === nth) return at;
  }
  throw new Error(`There is no ${kind} header`);
}

/** Renames the second file to the name of the first, in both headers. */
function duplicate(bytes: Uint8Array): void {
  bytes[find(bytes, "local", 1) + 30] = 0x61;
  bytes[find(bytes, "central", 1) + 46] = 0x61;
}

const ONLY = "it must hold only a.txt, b.txt";
const FAULT = "it must be an archive without a fault";

const CASES: readonly (readonly [string, string, HostileCase["make"]])[] = [
  ["no byte", FAULT, () => new Uint8Array(0)],
  ["bytes that are no archive", FAULT, () => new Uint8Array(100)],
  ["another file", ONLY, () => zip({ "a.txt": A, "c.txt": A })],
  ["a file above the folder", "Unsafe filename", () => zip({ "../a.txt": A })],
  ["a file of an absolute path", "Unsafe filename", () => zip({ "/etc/passwd": A })],
  ["a file with backslashes", "Unsafe filename", () => zip({ "..\\a.txt": A })],
  ["a file on a drive", "Unsafe filename", () => zip({ "C:\\a.txt": A })],
  ["a file in a folder", ONLY, () => zip({ "folder/a.txt": A })],
  ["a folder", ONLY, () => zip({ "a.txt/": new Uint8Array(0) })],
  ["a file named __proto__", ONLY, () => {
    const text = new TextDecoder("latin1").decode(zip({ "123456789": A }));
    return Uint8Array.from(text.replaceAll("123456789", "__proto__"), (c) => c.charCodeAt(0));
  }],
  ["a file named constructor", ONLY, () => zip({ constructor: A })],
  ["a bomb", "must have at most 1000 bytes", () => zip({ "a.txt": [LARGE, { level: 9 }] })],
  ["a bomb that says it is small", "Invalid uncompressed size", () => {
    const bytes = zip({ "a.txt": [LARGE, { level: 9 }] });
    const view = new DataView(bytes.buffer);
    view.setUint32(find(bytes, "local") + 22, 900, true);
    view.setUint32(find(bytes, "central") + 24, 900, true);
    return bytes;
  }],
  ["a wrong checksum", FAULT, changed((bytes) => bytes[find(bytes, "local", 1) + 40]! ^= 1)],
  [
    "a checksum that the headers do not share",
    "Ambiguous",
    changed((bytes) => {
      bytes[find(bytes, "central") + 16]! ^= 1;
    }),
  ],
  ["the same name twice", "Ambiguous", changed(duplicate)],
  [
    "a name that the headers do not share",
    "Ambiguous",
    changed((bytes) => {
      bytes[find(bytes, "local") + 30] = 0x78;
    }),
  ],
  [
    "a size that the headers do not share",
    "Ambiguous",
    changed((bytes) => {
      bytes[find(bytes, "local", 1) + 22]! += 1;
    }),
  ],
  [
    "a file that is larger than it says",
    FAULT,
    changed((bytes) => {
      bytes[find(bytes, "central") + 24] = 50;
      bytes[find(bytes, "local") + 22] = 50;
    }),
  ],
  [
    "a file that is smaller than it says",
    "Invalid CRC32",
    changed((bytes) => {
      bytes[find(bytes, "central") + 24] = 150;
      bytes[find(bytes, "local") + 22] = 150;
    }),
  ],
  [
    "a stored file of 2^32 - 2 bytes",
    "must have at most 1000 bytes",
    changed((_, view) => {
      const bytes = new Uint8Array(view.buffer as ArrayBuffer);
      view.setUint32(find(bytes, "central", 1) + 20, 0xfffffffe, true);
      view.setUint32(find(bytes, "central", 1) + 24, 0xfffffffe, true);
    }),
  ],
  [
    "an encrypted file",
    "must not be encrypted",
    changed((bytes) => {
      bytes[find(bytes, "central") + 8]! |= 1;
      bytes[find(bytes, "local") + 6]! |= 1;
    }),
  ],
  [
    "a method that is not known",
    FAULT,
    changed((bytes) => {
      bytes[find(bytes, "central") + 10] = 77;
      bytes[find(bytes, "local") + 8] = 77;
    }),
  ],
  [
    "two entries with the same content",
    "Ambiguous",
    changed((bytes, view) => {
      view.setUint32(find(bytes, "central", 1) + 42, 0, true);
    }),
  ],
  [
    "an entry beyond the file",
    FAULT,
    changed((bytes, view) => {
      view.setUint32(find(bytes, "central", 1) + 42, 0xffffff, true);
    }),
  ],
  [
    "a directory beyond the file",
    FAULT,
    changed((bytes, view) => {
      view.setUint32(find(bytes, "end") + 16, 0xffffff, true);
    }),
  ],
  [
    "65,535 entries that are not there",
    FAULT,
    changed((bytes, view) => {
      view.setUint16(find(bytes, "end") + 8, 0xffff, true);
      view.setUint16(find(bytes, "end") + 10, 0xffff, true);
    }),
  ],
  [
    "fewer entries than there are",
    FAULT,
    changed((bytes, view) => {
      view.setUint16(find(bytes, "end") + 8, 1, true);
      view.setUint16(find(bytes, "end") + 10, 1, true);
    }),
  ],
  [
    "65,600 files",
    ONLY,
    () =>
      zip(
        Object.fromEntries(Array.from({ length: 65_600 }, (_, i) => [`${i}`, new Uint8Array(0)])),
      ),
  ],
  [
    "an archive of several parts",
    FAULT,
    changed((bytes) => {
      bytes[find(bytes, "end") + 4] = 3;
    }),
  ],
  ["bytes before the archive", "Ambiguous", () => Uint8Array.of(1, 2, 3, ...makeArchive())],
  ["bytes after the archive", FAULT, () => Uint8Array.of(...makeArchive(), 1, 2, 3)],
  ["an archive that ends early", FAULT, () => makeArchive().slice(0, -30)],
  [
    "a deflated file with a fault",
    FAULT,
    changed((bytes) => {
      bytes[find(bytes, "local") + 35] = 0xff;
    }),
  ],
];

/** All cases. */
export const ZIP_CASES: readonly HostileCase[] = CASES.map(([name, says, make]) => ({
  ...{ name, says, make },
}));
