/** Changes bytes and texts as an attacker or random damage would. @module */
import { createHash } from "node:crypto";
import type { Prng } from "../../src/random/prng.ts";

/** Words that are known to break parsers. */
const HOSTILE = [
  "__proto__",
  "constructor",
  '{"__proto__":{"polluted":1}}',
  "1e309",
  "-1",
  "9007199254740993",
  "18446744073709551616",
  "null",
  "[]",
  "{}",
  '"',
  "\u0000",
  "\ud800",
  "\ufeff",
  "\r\n",
  "\\u0000",
  "[".repeat(2000),
  "NaN",
  "=",
  "--",
];

const encoder = new TextEncoder();
const HOSTILE_BYTES = HOSTILE.map((word) => encoder.encode(word));
const NOTHING = new Uint8Array(0);

/** Changes a few places of a file: flips bits, changes bytes, removes or doubles runs of bytes, inserts hostile words. */
export function mutateBytes(
  bytes: Uint8Array<ArrayBuffer>,
  prng: Prng,
): Uint8Array<ArrayBuffer> {
  let mutated = bytes.slice();
  for (let times = 1 + prng.nextInt(4); times > 0; times--) mutated = mutateOnce(mutated, prng);
  return mutated;
}

/** Makes a function that puts one hostile entry into the header of a safetensors file. The header stays JSON of the declared length. */
export function createHeaderMutator(
  bytes: Uint8Array<ArrayBuffer>,
): (prng: Prng) => Uint8Array<ArrayBuffer> {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const names = Object.keys(header);
  const body = bytes.subarray(8 + length);
  const around = names.map((name) => splitAround(header, name));
  return (prng) => {
    const at = prng.nextInt(names.length);
    const { before, after } = around[at]!;
    const text = encoder.encode(JSON.stringify(drawEntry(header[names[at]!], prng)));
    const headerLength = before.length + text.length + after.length;
    const file = new Uint8Array(8 + headerLength + body.length);
    new DataView(file.buffer).setUint32(0, headerLength, true);
    file.set(before, 8);
    file.set(text, 8 + before.length);
    file.set(after, 8 + before.length + text.length);
    file.set(body, 8 + headerLength);
    return file;
  };
}

/** Gives the JSON of a header before and after the entry of a name. It is written once, because most of it stays the same. */
function splitAround(
  header: Readonly<Record<string, unknown>>,
  name: string,
): { before: Uint8Array; after: Uint8Array } {
  const mark = "the entry";
  const [before, after] = JSON.stringify({ ...header, [name]: mark }).split(JSON.stringify(mark));
  return { before: encoder.encode(before), after: encoder.encode(after) };
}

/** Sizes that are known to break parsers. */
const NUMBERS = [0, 1, 2, -1, 0.5, 2 ** 28, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e308];

function drawEntry(entry: object, prng: Prng): unknown {
  const word = HOSTILE[prng.nextInt(HOSTILE.length)]!;
  const drawNumbers = (count: number): number[] =>
    Array.from({ length: count }, () => NUMBERS[prng.nextInt(NUMBERS.length)]!);
  switch (prng.nextInt(5)) {
    case 0:
      return { ...entry, shape: drawNumbers(prng.nextInt(4)) };
    case 1:
      return { ...entry, data_offsets: drawNumbers(prng.nextInt(4)) };
    case 2:
      return { ...entry, [word]: word };
    case 3:
      return { ...entry, dtype: word };
    default:
      return [null, word, [], {}, drawNumbers(2)][prng.nextInt(5)];
  }
}

/** Changes a few places of a text. */
export function mutateText(text: string, prng: Prng): string {
  const points = Array.from(text);
  for (let times = prng.nextInt(4); times > 0; times--) {
    const at = prng.nextInt(points.length + 1);
    const word = prng.nextInt(2) === 0
      ? HOSTILE[prng.nextInt(HOSTILE.length)]!
      : String.fromCodePoint(prng.nextInt(0x110000));
    points.splice(at, prng.nextInt(3), word);
  }
  return points.join("");
}

/** Gives a changed checkpoint the correct hash, so that the checks after the hash are tested. */
export function rehash(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const start = 8 + '{"__metadata__":{"sha256":"'.length;
  if (bytes.length < start + 64) return bytes;
  bytes.fill(0x30, start, start + 64);
  const hash = createHash("sha256").update(bytes).digest("hex"); // takes a third of the time of crypto.subtle
  encoder.encodeInto(hash, bytes.subarray(start));
  return bytes;
}

function mutateOnce(bytes: Uint8Array<ArrayBuffer>, prng: Prng): Uint8Array<ArrayBuffer> {
  const at = prng.nextInt(bytes.length + 1);
  switch (prng.nextInt(6)) {
    case 0:
      if (at < bytes.length) bytes[at]! ^= 1 << prng.nextInt(8);
      return bytes;
    case 1:
      return splice(bytes, at, { remove: prng.nextInt(64), insert: NOTHING });
    case 2:
      return splice(bytes, at, { remove: 0, insert: bytes.subarray(at, at + prng.nextInt(64)) });
    case 3:
      if (bytes.length >= 8) bytes[prng.nextInt(8)] = prng.nextInt(256); // the header's length
      return bytes;
    case 4: {
      let digit = at;
      while (digit < bytes.length && !isDigit(bytes[digit]!)) digit++;
      if (digit < bytes.length) bytes[digit] = 0x30 + prng.nextInt(10); // another number
      return bytes;
    }
    default: {
      const insert = HOSTILE_BYTES[prng.nextInt(HOSTILE_BYTES.length)]!;
      return splice(bytes, at, { remove: prng.nextInt(8), insert });
    }
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function splice(
  bytes: Uint8Array<ArrayBuffer>,
  at: number,
  { remove, insert }: { readonly remove: number; readonly insert: Uint8Array },
): Uint8Array<ArrayBuffer> {
  const rest = bytes.subarray(Math.min(at + remove, bytes.length));
  const spliced = new Uint8Array(at + insert.length + rest.length);
  spliced.set(bytes.subarray(0, at));
  spliced.set(insert, at);
  spliced.set(rest, at + insert.length);
  return spliced;
}
