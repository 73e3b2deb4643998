/** Divides the bytes of a text file into lines, within little memory whatever the file contains. @module */
import { recognizeForeignBytes, SIGNATURE_BYTES } from "./foreign_bytes.ts";

/** Most bytes of a line: 1 MiB. */
export const MAX_LINE_BYTES: number = 2 ** 20;

/** Takes what a line reader finds. Lines are numbered from 1. */
export interface LineTaker {
  /** Takes a line without its end. */
  takeLine(text: string, number: number): void;
  /** Takes the reason why a line cannot be read; it follows the line's number: `the line must be UTF-8, but is not`. */
  refuseLine(reason: string, number: number): void;
  /** Takes the reason why the whole file cannot be read: `it must be UTF-8 text, but is UTF-16 text`. */
  refuseFile(reason: string): void;
}

/** Reads lines from bytes that come in pieces. */
export interface LineReader {
  /** Reads the next bytes. They are not kept. */
  write(bytes: Uint8Array): void;
  /** Reads the last line, which may have no end, and gives the number of lines. */
  end(): number;
}

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
/** Most bytes that are decoded at once. */
const BLOCK_BYTES = 2 ** 18;
const TOO_LONG = `the line must have at most ${MAX_LINE_BYTES} bytes, but has more`;

/**
 * Makes a line reader. Lines end in LF or CRLF. A byte order mark at the beginning of the file is no part of its text.
 *
 * A line above 1 MiB is refused as soon as so many bytes of it are there, and the rest of it is not kept.
 */
export function createLineReader(taker: LineTaker): LineReader {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  /** The beginning of a line whose end has not come, in its first `kept` bytes. */
  let carry = new Uint8Array(1024);
  let kept = 0;
  let number = 0;
  let isTooLong = false;
  /** The first bytes, until there are enough of them to recognise the file. */
  let start: Uint8Array | undefined = new Uint8Array(0);

  /** Takes lines that end in LF, the last of them too. */
  function takeLines(bytes: Uint8Array): void {
    let text: string;
    try {
      text = decoder.decode(bytes);
    } catch {
      return takeLinesOneByOne(bytes);
    }
    let from = 0;
    for (let to = text.indexOf("\n"); to >= 0; to = text.indexOf("\n", from)) {
      takeText(text.slice(from, to));
      from = to + 1;
    }
  }

  /** Takes lines of which at least one is not UTF-8. */
  function takeLinesOneByOne(bytes: Uint8Array): void {
    let from = 0;
    for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
      takeBytes(bytes.subarray(from, to));
      from = to + 1;
    }
  }

  function takeBytes(line: Uint8Array): void {
    let text: string;
    try {
      text = decoder.decode(line);
    } catch {
      taker.refuseLine("the line must be UTF-8, but is not", ++number);
      return;
    }
    takeText(text);
  }

  function takeText(line: string): void {
    taker.takeLine(line.endsWith("\r") ? line.slice(0, -1) : line, ++number);
  }

  /** Keeps the beginning of a line. */
  function keep(bytes: Uint8Array): void {
    if (isTooLong) return;
    if (kept + bytes.length > MAX_LINE_BYTES) {
      isTooLong = true;
      kept = 0;
      taker.refuseLine(TOO_LONG, ++number);
      return;
    }
    if (kept + bytes.length > carry.length) {
      const larger = new Uint8Array(Math.max(kept + bytes.length, 2 * carry.length));
      larger.set(carry.subarray(0, kept));
      carry = larger;
    }
    carry.set(bytes, kept);
    kept += bytes.length;
  }

  function finishLine(): void {
    if (!isTooLong) takeBytes(carry.subarray(0, kept));
    isTooLong = false;
    kept = 0;
  }

  function readBlock(bytes: Uint8Array): void {
    let from = 0;
    if (kept > 0 || isTooLong) {
      const to = bytes.indexOf(NEWLINE);
      if (to < 0) return keep(bytes);
      keep(bytes.subarray(0, to));
      finishLine();
      from = to + 1;
    }
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > from) takeLines(bytes.subarray(from, end));
    if (Math.max(from, end) < bytes.length) keep(bytes.subarray(Math.max(from, end)));
  }

  /** Recognises the file by its first bytes, and leaves out a byte order mark. */
  function begin(first: Uint8Array): void {
    start = undefined;
    const kind = recognizeForeignBytes(first);
    if (kind !== undefined) taker.refuseFile(`it must be UTF-8 text, but is ${kind}`);
    const hasMark = BYTE_ORDER_MARK.every((byte, at) => first[at] === byte);
    readBlocks(hasMark ? first.subarray(BYTE_ORDER_MARK.length) : first);
  }

  function readBlocks(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
      readBlock(bytes.subarray(at, at + BLOCK_BYTES));
    }
  }

  return {
    write(bytes): void {
      if (start === undefined) return readBlocks(bytes);
      const first = new Uint8Array(start.length + bytes.length);
      first.set(start);
      first.set(bytes, start.length);
      if (first.length < SIGNATURE_BYTES) start = first;
      else begin(first);
    },
    end(): number {
      if (start !== undefined) begin(start);
      if (kept > 0) finishLine();
      return number;
    },
  };
}
