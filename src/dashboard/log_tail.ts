/** Reads a log of events to its end, and later what was added. @module */
import { eventLogPath } from "../checkpoint/event_log.ts";
import { NotAFileError, type OpenedFile, openToRead } from "../checkpoint/file_system.ts";
import { parseEvent } from "../checkpoint/parse_event.ts";
import type { RunHistory } from "./run_news.ts";

/** A reader that remembers where it is. Disposing of it ends a reading that is under way. */
export interface LogTail extends Disposable {
  /**
   * Takes what is new into the history; all of it again where the file was replaced by another.
   *
   * @returns whether there was anything
   * @throws {SyntaxError} if a line is no event, with its number, or the log is not a file
   */
  read(past?: "past"): Promise<boolean>;
}

const CHUNK_BYTES = 1 << 16;
/** Longest line that is read: a file without an end of line must not fill the memory. */
const MAX_LINE_BYTES = 1 << 20;

/** Begins at the beginning. */
export function createLogTail(run: string, history: RunHistory): LogTail {
  const path = eventLogPath(run);
  const chunk = new Uint8Array(CHUNK_BYTES);
  let place = { file: "", at: 0, line: 0, rest: "", decoder: strictDecoder() };
  let begun = false;
  let isOver = false;

  function takeLines(text: string, past: "past" | undefined): void {
    const lines = (place.rest + text).split("\n");
    place.rest = lines.pop()!;
    if (place.rest.length > MAX_LINE_BYTES) {
      throw new SyntaxError(
        `Cannot read ${path}: line ${place.line + 1} is longer than ${MAX_LINE_BYTES} characters`,
      );
    }
    for (const line of lines) {
      place.line++;
      try {
        history.record(parseEvent(line), past);
      } catch (error) {
        throw new SyntaxError(
          `Cannot read ${path}, line ${place.line}: ${(error as Error).message}`,
        );
      }
    }
  }

  return {
    async read(past): Promise<boolean> {
      using opened = await openIfThere(path);
      if (opened === undefined || isOver) return false;
      const { file, info: { dev, ino, size } } = opened;
      const identity = `${dev},${ino}`;
      if (identity !== place.file || size < place.at) {
        if (begun) history.clear();
        place = { file: identity, at: 0, line: 0, rest: "", decoder: strictDecoder() };
        begun = true;
      }
      await file.seek(place.at, Deno.SeekMode.Start);
      let found = false;
      while (!isOver) {
        const count = await file.read(chunk);
        if (count === null) break;
        found = true;
        place.at += count;
        takeLines(place.decoder.decode(chunk.subarray(0, count), { stream: true }), past);
      }
      return found;
    },
    [Symbol.dispose](): void {
      isOver = true;
    },
  };
}

function strictDecoder(): TextDecoder {
  return new TextDecoder("utf-8", { fatal: true });
}

async function openIfThere(path: string): Promise<OpenedFile | undefined> {
  try {
    return await openToRead(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof NotAFileError) throw new SyntaxError(error.message, { cause: error });
    throw error;
  }
}
