/** Reads the log of a run to its end, and later what was added. @module */
import { eventLogPath } from "../checkpoint/event_log.ts";
import { NotAFileError, type OpenedFile, openToRead } from "../checkpoint/file_system.ts";
import { MAX_LINE_CHARACTERS } from "../checkpoint/limits.ts";
import { parseEvent } from "../checkpoint/parse_event.ts";
import type { RunHistory } from "./run_news.ts";

/**
 * The result of reading. `read`: there was something new. `same`: nothing was new. `none`: there is no log yet. `foreign`: the log
 * is that of another run. `damaged`: the log was damaged before, and has not changed.
 */
export type LogState = "read" | "same" | "none" | "foreign" | "damaged";

/** A reader that remembers its position. */
export interface LogTail {
  /** Identity of the run whose log was read, as its first line says; null where it does not say. */
  readonly runId: string | null;
  /**
   * Takes what is new into the history. Where the log is not the one that was read before, the history is cleared and all of the log
   * is taken in.
   *
   * @param runId identity of the run in the directory: the log of another one is not read; null where it is not known
   * @throws {SyntaxError} if a line is not an event, with path and line; once for each damaged log
   */
  read(runId: string | null, past?: "past"): Promise<LogState>;
}

const CHUNK_BYTES = 1 << 16;
/** Bytes at the beginning, and before the position, that are compared with what was read. */
const HEAD_BYTES = 4096;
const TAIL_BYTES = 1024;

/**
 * The position of the reader, and the bytes by which it recognises the log. A new log in the place of the old one may have the same
 * inode, size and time. But it begins with another run. After a resume that cut the log, it begins with the same run, but the bytes
 * before the position differ.
 */
interface Place {
  at: number;
  line: number;
  rest: string;
  runId: string | null;
  damaged: boolean;
  head: Uint8Array;
  tail: Uint8Array;
  readonly decoder: TextDecoder;
}

/** Makes a reader at the beginning of the log. */
export function createLogTail(run: string, history: RunHistory): LogTail {
  const path = eventLogPath(run);
  const chunk = new Uint8Array(CHUNK_BYTES);
  let place = beginning();
  let irregular = false;

  function takeChunk(bytes: Uint8Array, past: "past" | undefined): void {
    place.at += bytes.length;
    place.head = join(place.head, bytes.subarray(0, HEAD_BYTES - place.head.length));
    place.tail = join(place.tail, bytes).slice(-TAIL_BYTES);
    const lines = (place.rest + decode(bytes)).split("\n");
    place.rest = lines.pop()!;
    if (place.rest.length > MAX_LINE_CHARACTERS) {
      fail(place.line + 1, `it is longer than ${MAX_LINE_CHARACTERS} characters`);
    }
    for (const line of lines) takeLine(line, past);
  }

  function takeLine(line: string, past: "past" | undefined): void {
    place.line++;
    try {
      history.record(parseEvent(line), past);
    } catch (error) {
      fail(place.line, (error as Error).message);
    }
  }

  function decode(bytes: Uint8Array): string {
    try {
      return place.decoder.decode(bytes, { stream: true });
    } catch {
      return fail(place.line + 1, "it, or a line after it, is not UTF-8");
    }
  }

  function fail(line: number, why: string): never {
    throw new SyntaxError(`${path}, line ${line}: ${why}`);
  }

  return {
    get runId(): string | null {
      return place.runId;
    },
    async read(runId, past): Promise<LogState> {
      using opened = await openIfThere(path);
      const told = irregular;
      irregular = opened?.reason !== undefined;
      if (irregular && told) return "damaged";
      if (opened?.reason !== undefined) throw new SyntaxError(opened.reason);
      if (opened === undefined) return "none";
      const { file } = opened;
      const known = place.at > 0 && await isContinued(file, place);
      if (known && place.damaged) return "damaged";
      const found = known ? place.runId : await readRunId(file);
      if (found === undefined) return "none"; // its first line is not complete yet
      if (found !== null && runId !== null && found !== runId) {
        place = beginning();
        return "foreign";
      }
      if (!known) {
        history.clear();
        place = { ...beginning(), runId: found };
      }
      await file.seek(place.at, Deno.SeekMode.Start);
      let state: LogState = "same";
      try {
        for (let count = await file.read(chunk); count !== null; count = await file.read(chunk)) {
          state = "read";
          takeChunk(chunk.subarray(0, count), past);
        }
      } catch (error) {
        if (error instanceof SyntaxError) place.damaged = true;
        throw error;
      }
      return state;
    },
  };
}

function beginning(): Place {
  return {
    ...{ at: 0, line: 0, rest: "", runId: null, damaged: false },
    ...{ head: new Uint8Array(), tail: new Uint8Array() },
    decoder: new TextDecoder("utf-8", { fatal: true }),
  };
}

/** Says whether a file begins with what was read. */
async function isContinued(file: Deno.FsFile, { at, head, tail }: Place): Promise<boolean> {
  return await holds(file, 0, head) && await holds(file, at - tail.length, tail);
}

async function holds(file: Deno.FsFile, at: number, expected: Uint8Array): Promise<boolean> {
  const found = await readAt(file, at, expected.length);
  return found.length === expected.length && found.every((byte, i) => byte === expected[i]);
}

/**
 * Gives the identity in the first line: null where it has none, undefined where the line is not complete. What is wrong with the line
 * is said when it is read.
 */
async function readRunId(file: Deno.FsFile): Promise<string | null | undefined> {
  const bytes = await readAt(file, 0, CHUNK_BYTES);
  const end = bytes.indexOf(0x0a);
  if (end < 0) return bytes.length < CHUNK_BYTES ? undefined : null;
  try {
    const event = parseEvent(new TextDecoder().decode(bytes.subarray(0, end)));
    return event.event === "start" ? event.runId : null;
  } catch {
    return null;
  }
}

/** Reads so many bytes, or up to the end of the file. */
async function readAt(file: Deno.FsFile, at: number, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  await file.seek(at, Deno.SeekMode.Start);
  let length = 0;
  while (length < size) {
    const count = await file.read(bytes.subarray(length));
    if (count === null) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** A log that was opened, or the reason why there is something else in its place. */
type OpenedLog =
  | OpenedFile & { readonly reason?: never }
  | Disposable & { readonly file?: never; readonly reason: string };

async function openIfThere(path: string): Promise<OpenedLog | undefined> {
  try {
    return await openToRead(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (!(error instanceof NotAFileError)) throw error;
    return { reason: `${path}: it must be a regular file`, [Symbol.dispose]: () => {} };
  }
}
