/** Reads files of pairs: twice, first to measure them, then to encode their pairs. No text is kept. @module */
import { createHash } from "node:crypto";
import { createDatasetBuilder, type Dataset } from "../dataset/dataset.ts";
import type { Split } from "../dataset/split.ts";
import type { Layout } from "../codec/layout.ts";
import type { Example } from "../problem/example.ts";
import type { PairFormat } from "../problem/pairs/fields.ts";
import { createHolding } from "../problem/pairs/hold_back.ts";
import { createPairReader, type ReadReport, type TakePair } from "../problem/pairs/pair_reader.ts";
import { PAIR_SIDES, type PairSide } from "../problem/pairs/pair_meter.ts";
import type { PairFile, PairSource, PairsSettings } from "../problem/pairs/settings.ts";
import { createPause } from "../time/pause.ts";
import type { TurnOptions } from "../time/slices.ts";
import { NotAFileError, openToRead } from "./file_system.ts";
import { statIfThere } from "./stat_if_there.ts";
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

/** Gives the format of a file by its name. */
export function formatOf(path: string, format: PairsSettings["format"]): PairFormat {
  if (format !== "auto") return format;
  return /\.(jsonl|ndjson)$/i.test(path) ? "jsonl" : "tsv";
}

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
async function hashFile(path: string, turns: TurnOptions = {}): Promise<string> {
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

/** Gives a file that was read. @throws {Error} if there is none, or it was not read yet */
function requireFile(source: PairSource, what: string): PairFile {
  if (source !== null && typeof source !== "string") return source;
  throw new Error(
    source === null
      ? `Cannot read the pairs: the settings name no ${what} file`
      : `Cannot read "${source}": it must be measured first`,
  );
}

/**
 * Reads the pairs of a problem and lays them out: the training and the validation side. Progress is counted in bytes.
 *
 * @throws {Error} if a file is not the one that was measured, with both hashes
 * @throws what `readPairFile` throws
 */
export async function openPairSplit(
  settings: PairsSettings,
  layout: Layout,
  turns: TurnOptions = {},
): Promise<Split> {
  const data = requireFile(settings.data, "data");
  const held = settings.heldBack?.pairs ?? 0;
  const training = createDatasetBuilder(layout, await countExpected(data, data.pairs - held));
  if (settings.validation !== null) {
    await encodeFile(data, settings, training.add, turns);
    const validation = await openPairDataset(settings, layout, "validation", turns);
    return { training: training.finish(), validation };
  }
  if (settings.heldBack === null) {
    throw new Error(`Cannot read the pairs: "${data.path}" must be measured first`);
  }
  const holds = createHolding(settings.heldBack, settings.seed);
  const validation = createDatasetBuilder(layout, await countExpected(data, held));
  await encodeFile(data, settings, (example) => {
    (holds(example.question) ? validation : training).add(example);
  }, turns);
  return { training: training.finish(), validation: validation.finish() };
}

/** Reads all pairs of one of a problem's files. @throws what `openPairSplit` throws */
export async function openPairDataset(
  settings: PairsSettings,
  layout: Layout,
  which: PairSide,
  turns: TurnOptions = {},
): Promise<Dataset> {
  const file = requireFile(settings[which], which);
  const builder = createDatasetBuilder(layout, await countExpected(file, file.pairs));
  await rereadPairs(settings, which, builder.add, turns);
  return builder.finish();
}

/** Reads all pairs of one of a problem's files, and gives them to a function. @throws what `openPairSplit` throws */
export async function rereadPairs(
  settings: PairsSettings,
  which: PairSide,
  add: (example: Example) => void,
  turns: TurnOptions = {},
): Promise<void> {
  await encodeFile(requireFile(settings[which], which), settings, add, turns);
}

/** Limits the number of pairs that settings promise by the size of the file: a pair takes two bytes at least. */
async function countExpected({ path }: PairFile, promised: number): Promise<number> {
  const size = (await statIfThere(path))?.size ?? 0;
  return Math.max(0, Math.min(promised, Math.ceil(size / 2)));
}

/** Reads a file again, and checks that it is the same. */
async function encodeFile(
  file: PairFile,
  settings: PairsSettings,
  add: (example: Example) => void,
  turns: TurnOptions,
): Promise<void> {
  const take: TakePair = ({ question, answer }, line) => {
    try {
      add({ question, answer });
    } catch (cause) {
      throw new SyntaxError(`Cannot read ${file.path}:${line}: ${(cause as Error).message}`, {
        cause,
      });
    }
  };
  let found: string;
  try {
    found = (await readPairFile(file, settings, take, turns)).file.sha256;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    found = await hashFile(file.path); // what is wrong with another file would mislead
    if (found === file.sha256) throw error;
  }
  if (found !== file.sha256) throw new ChangedPairsError(file, found);
}

/** Where the files of a problem are now. */
export interface LocateOptions extends Omit<TurnOptions, "onProgress"> {
  /** Paths of files that have moved. */
  readonly paths: { readonly [side in PairSide]?: PairSource };
  /** Whether a file may have changed. */
  readonly acceptsChanges: boolean;
  /** Called several times a second with the bytes that were read of a file, and all its bytes. */
  readonly onProgress?: (path: string, done: number, of: number) => void;
}

/**
 * Finds the files of a problem again, and checks that they are the same.
 *
 * @returns the settings with the paths, and with the hashes of files that have changed and may
 * @throws {ChangedPairsError} if a file has changed and may not
 * @throws {MissingPairsError} if there is no file
 */
export async function locatePairFiles(
  settings: PairsSettings,
  { paths, acceptsChanges, onProgress, ...turns }: LocateOptions,
): Promise<PairsSettings> {
  const found: { [side in PairSide]?: PairFile } = {};
  for (const side of PAIR_SIDES) {
    const [saved, given] = [settings[side], paths[side]];
    if (saved === null && typeof given === "string") {
      throw new RangeError(
        `Cannot use "${given}" as the ${side} file: the run has none, and a run keeps the files that it began with`,
      );
    }
    if (saved === null || typeof saved === "string") continue;
    const file = { ...saved, ...(typeof given === "string" && { path: given }) };
    if (await statIfThere(file.path) === undefined) throw new MissingPairsError(file.path, side);
    const report = onProgress && ((done: number, of: number) => onProgress(file.path, done, of));
    const options = { ...turns, ...(report && { onProgress: report }) };
    const sha256 = await hashFile(file.path, options);
    if (sha256 === file.sha256) found[side] = file;
    else if (!acceptsChanges) throw new ChangedPairsError(file, sha256);
    else found[side] = (await readPairFile(file, settings, () => {}, options)).file;
  }
  return { ...settings, ...found };
}

/** A file of pairs that is not where it was. */
export class MissingPairsError extends Error {
  override readonly name = "MissingPairsError";
  /** What the file is for. */
  readonly side: PairSide;
  constructor(path: string, side: PairSide) {
    super(`Cannot read "${path}": there is no such file`);
    this.side = side;
  }
}

/** A file of pairs that is not the one that was measured. */
export class ChangedPairsError extends Error {
  override readonly name = "ChangedPairsError";
  constructor({ path, sha256 }: PairFile, found: string) {
    super(
      `Cannot use "${path}": it must be the file that was measured, with the SHA-256 ${sha256}, but it has ${found}`,
    );
  }
}
