/** Reads files of pairs: twice, first to measure them, then to encode their pairs. No text is kept. @module */
import { createHash } from "node:crypto";
import { createPairReader, type ReadReport, type TakePair } from "../problem/pairs/pair_reader.ts";
import type { PairSide } from "../problem/pairs/pair_meter.ts";
import type { PairFile, PairsSettings } from "../problem/pairs/settings.ts";
import { createPause } from "../time/pause.ts";
import type { TurnOptions } from "../time/slices.ts";
import { NotAFileError, openToRead } from "./file_system.ts";
import { describeSystemError } from "./system_error.ts";

/** A file of pairs as it was read, and what was read. */
export interface ReadPairFile {
  readonly file: PairFile;
  readonly report: ReadReport;
}

/** The settings by which a file is read. */
export type ReadSettings = Pick<
  PairsSettings,
  | "questionColumn"
  | "answerColumn"
  | "featureColumns"
  | "sourceSeparator"
  | "targetSeparator"
  | "normalize"
  | "maxLength"
  | "badLines"
>;

/** Most bytes that are read at once. */
const CHUNK_BYTES = 2 ** 18;

/**
 * Reads a file and gives its pairs to a function. Timers and signals keep working meanwhile. Progress is counted in bytes.
 *
 * @throws {SyntaxError} if the file or a line cannot be read
 * @throws {Error} if it is no regular file, cannot be opened, or changes while it is read
 * @throws the signal's reason, if it aborts
 */
export async function readPairFile(
  { path, format }: Pick<PairFile, "path" | "format">,
  settings: ReadSettings,
  take: TakePair,
  turns: TurnOptions = {},
): Promise<ReadPairFile> {
  const reader = createPairReader({ ...settings, name: path, format }, take);
  const hash = createHash("sha256");
  const sizeBytes = await readChunks(path, (bytes) => {
    hash.update(bytes);
    reader.write(bytes);
  }, turns);
  const report = reader.end();
  const sha256 = hash.digest("hex");
  return { file: { path, format, sha256, sizeBytes, pairs: report.pairs }, report };
}

/** Reads the SHA-256 of a file. @throws what `readPairFile` throws */
export async function hashFile(path: string, turns: TurnOptions = {}): Promise<string> {
  const hash = createHash("sha256");
  await readChunks(path, (bytes) => hash.update(bytes), turns);
  return hash.digest("hex");
}

/** Reads all bytes of a file in pieces, and gives its size. */
async function readChunks(
  path: string,
  take: (bytes: Uint8Array) => void,
  { signal, onProgress, now = () => performance.now() }: TurnOptions,
): Promise<number> {
  signal?.throwIfAborted();
  using opened = await openPairFile(path);
  const { file, info: { size } } = opened;
  const pause = createPause(now);
  const buffer = new Uint8Array(CHUNK_BYTES);
  let done = 0;
  for (;;) {
    const count = await file.read(buffer);
    if (count === null) break;
    done += count;
    if (done > size) break;
    take(buffer.subarray(0, count));
    onProgress?.(done, size);
    await pause();
    signal?.throwIfAborted();
  }
  const after = await file.stat();
  const isSame = done === size && after.size === size &&
    after.mtime?.getTime() === opened.info.mtime?.getTime();
  if (!isSame) throw new Error(`Cannot read "${path}": it changed while it was read`);
  return size;
}

async function openPairFile(path: string): ReturnType<typeof openToRead> {
  try {
    return await openToRead(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    if (error instanceof NotAFileError) {
      throw new Error(`${error.message}; pairs are read twice, so that they must be in a file`, {
        cause: error,
      });
    }
    throw new Error(`Cannot read "${path}": ${describeSystemError(error)}`, { cause: error });
  }
}

/** A file of pairs that is not where it was. */
export class MissingPairsError extends Error {
  override readonly name = "MissingPairsError";
  /** What the file is for. */
  readonly side: PairSide;
  constructor(path: string, side: PairSide) {
    const where = isRelative(path) ? ", and the path is relative to the working directory" : "";
    super(`Cannot read "${path}": there is no such file${where}`);
    this.side = side;
  }
}

function isRelative(path: string): boolean {
  return !/^([\\/]|[A-Za-z]:)/.test(path);
}
