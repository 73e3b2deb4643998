/**
 * The files of a run: `latest.safetensors`, the three before it, the best one, and `metrics.jsonl`.
 *
 * @module
 */
import type { EpochMetrics } from "../training/metrics.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, readRunIdOf } from "./checkpoint.ts";
import { DENO_FILE_SYSTEM, type FileSystem } from "./file_system.ts";
import { rehearseReplace, removeIfThere, replaceFile } from "./files.ts";
import { describeSystemError } from "./system_error.ts";

/** A run that this process alone writes to, until it is disposed of. */
export interface RunDirectory extends Disposable {
  /** Where it is. */
  readonly path: string;
  /** Identity of the run, written into every checkpoint that is saved here. */
  readonly runId: string;
  /** What it is written with. */
  readonly fileSystem: FileSystem;
  /**
   * Makes sure before a save that nothing is written elsewhere.
   *
   * @throws {Error} if the directory was deleted, or another one took its place
   */
  check(): Promise<void>;
  /**
   * Writes to the run when everything that was given before is written. What is given before the run is disposed of is
   * still written.
   *
   * @throws {Error} if the run was disposed of
   */
  inTurn<T>(write: () => Promise<T>): Promise<T>;
}

/** Which of a run's checkpoints. */
export type CheckpointChoice = "latest" | "best";

/** What was read, and what had to be passed over. */
export interface FoundCheckpoint {
  /** What was saved. */
  readonly checkpoint: Checkpoint;
  /** The file it is from. */
  readonly path: string;
  /** Newer files that could not be used, each with the reason, in words for people. */
  readonly skipped: readonly string[];
}

/** How to save. */
export interface SaveOptions {
  /** Whether it is the best of its run so far. Default false. */
  readonly best?: boolean;
  /** Default: that of the run. */
  readonly fileSystem?: FileSystem;
}

const BEST = "best.safetensors";
/** The newest first; every save moves each to the next name. */
const LATEST_FIRST = [
  "latest.safetensors",
  "previous.safetensors",
  "previous-2.safetensors",
  "previous-3.safetensors",
] as const;
const METRICS_LOG = "metrics.jsonl";
/** Name of the log of what training reported. */
export const EVENT_LOG = "events.jsonl";

/** What a run may hold, what matters most last: a deletion that is cut short leaves a run that can be resumed. */
export const RUN_FILES: readonly string[] = [
  EVENT_LOG,
  METRICS_LOG,
  BEST,
  ...LATEST_FIRST.toReversed(),
];

/**
 * Saves a checkpoint as the latest of its run; the latest before it becomes the previous one, and so on: four are kept.
 * The file gets the identity of the run, whatever the checkpoint had. When this returns, it is on the disk. The latest one is
 * replaced last: until then nothing counts as saved. Saves of one run are made one after another, in the order of the calls.
 *
 * @returns the path of the file
 * @throws {Error} if it cannot be saved, with the reason; what was saved before is still there
 */
export async function saveToRun(
  run: RunDirectory,
  checkpoint: Checkpoint,
  options: SaveOptions = {},
): Promise<string> {
  const { best = false, fileSystem = run.fileSystem } = options;
  const [path, ...keepAs] = LATEST_FIRST.map((name) => `${run.path}/${name}`);
  await writeCheckpoint(run, checkpoint, async (bytes) => {
    if (best) await replaceFile(`${run.path}/${BEST}`, [bytes], { fileSystem });
    await writeMetricsLog(run, checkpoint.progress.history, fileSystem);
    await replaceFile(path!, [bytes], { keepAs, fileSystem });
  });
  return path!;
}

/**
 * Finds out before training whether a checkpoint could be saved, and changes nothing.
 *
 * @throws {Error} if it could not, with the reason
 */
export async function rehearseSave(
  run: RunDirectory,
  checkpoint: Checkpoint,
  fileSystem: FileSystem = run.fileSystem,
): Promise<void> {
  const path = `${run.path}/${LATEST_FIRST[0]}`;
  await writeCheckpoint(run, checkpoint, (bytes) => rehearseReplace(path, [bytes], fileSystem));
}

/**
 * Begins a run: saves its first checkpoint as the latest one, then removes the files of another run that was in the
 * directory before. That one is whole until the renaming of the latest checkpoint, and the new one is whole from then on:
 * `readRun()` takes no file for its own whose identity is another.
 *
 * @returns the path of the file
 * @throws {Error} if it cannot be saved, with the reason; the run before is then as it was
 */
export async function beginRun(
  run: RunDirectory,
  checkpoint: Checkpoint,
  fileSystem: FileSystem = run.fileSystem,
): Promise<string> {
  const path = `${run.path}/${LATEST_FIRST[0]}`;
  await writeCheckpoint(run, checkpoint, async (bytes) => {
    await replaceFile(path, [bytes], { fileSystem });
    for (const name of RUN_FILES) {
      if (name !== LATEST_FIRST[0]) await removeIfThere(`${run.path}/${name}`, fileSystem);
    }
    await writeMetricsLog(run, checkpoint.progress.history, fileSystem);
  });
  return path;
}

/**
 * Removes what a run wrote, and nothing else; then it is gone for good, and cannot be taken for part of the next. The
 * latest checkpoint goes when the others are gone for good: until then the run can be resumed where it was.
 */
export async function clearRun(
  run: RunDirectory,
  fileSystem: FileSystem = run.fileSystem,
): Promise<void> {
  await run.inTurn(async () => {
    for (const name of RUN_FILES) {
      if (name === LATEST_FIRST[0]) await fileSystem.syncDirectory(run.path);
      await removeIfThere(`${run.path}/${name}`, fileSystem);
    }
    await fileSystem.syncDirectory(run.path);
  });
}

/**
 * Reads a checkpoint of a run. If the latest one is missing or damaged, the newest good one before it is used, and said so.
 *
 * @throws {Error} if none can be read, with the reason for each
 */
export async function readRun(
  path: string,
  choice: CheckpointChoice = "latest",
  fileSystem: FileSystem = DENO_FILE_SYSTEM,
): Promise<FoundCheckpoint> {
  const skipped: string[] = [];
  let isEmpty = true;
  for (const name of choice === "best" ? [BEST] : LATEST_FIRST) {
    const file = `${path}/${name}`;
    try {
      const checkpoint = await decodeCheckpoint(await fileSystem.readFile(file));
      return { checkpoint, path: file, skipped };
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      const missing = isMissing(error);
      if (!missing) isEmpty = false;
      skipped.push(`${file}: ${missing ? "it is not there" : describeSystemError(error)}`);
    }
  }
  if (isEmpty) {
    const what = choice === "best" ? `${BEST} is not there` : "there is no run in that directory";
    throw new Error(`Cannot read a checkpoint of the run "${path}": ${what}`);
  }
  throw new Error(`Cannot read a checkpoint of the run "${path}": ${skipped.join("; ")}`);
}

/**
 * Finds the identity of the run that a directory holds: that of the newest checkpoint whose header can be read.
 * Undefined where there is none, or none has an identity.
 */
export async function findRunId(
  path: string,
  fileSystem: FileSystem = DENO_FILE_SYSTEM,
): Promise<string | undefined> {
  for (const name of LATEST_FIRST) {
    try {
      return readRunIdOf(await fileSystem.readFile(`${path}/${name}`)) ?? undefined;
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
    }
  }
  return undefined;
}

function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

/** Reads one checkpoint file. @throws {Error} if it is missing or damaged */
export async function readCheckpointFile(path: string): Promise<Checkpoint> {
  try {
    return await decodeCheckpoint(await DENO_FILE_SYSTEM.readFile(path));
  } catch (error) {
    if (error instanceof SyntaxError) throw new SyntaxError(`${path}: ${error.message}`);
    if (error instanceof RangeError || error instanceof TypeError) throw error;
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(`Cannot read the checkpoint "${path}": ${describeSystemError(error)}`, {
      cause: error,
    });
  }
}

/**
 * Writes the log of a run, a line of JSON an epoch, from the history that the checkpoint holds: they cannot differ. Within an
 * epoch it is there already, and two waits for the disk are saved.
 */
async function writeMetricsLog(
  run: RunDirectory,
  history: readonly EpochMetrics[],
  fileSystem: FileSystem,
): Promise<void> {
  const text = history.map((metrics) => JSON.stringify(metrics) + "\n").join("");
  const path = `${run.path}/${METRICS_LOG}`;
  const bytes = new TextEncoder().encode(text);
  if (await holds(path, bytes, fileSystem)) return;
  await replaceFile(path, [bytes], { fileSystem });
}

/** Says whether a file has this content; one that cannot be read has not. */
async function holds(path: string, bytes: Uint8Array, fileSystem: FileSystem): Promise<boolean> {
  try {
    const found = await fileSystem.readFile(path);
    return found.length === bytes.length && found.every((byte, i) => byte === bytes[i]);
  } catch {
    return false;
  }
}

/** Lays a checkpoint out as it is now, and writes it in its turn, if the run is still what it was. */
async function writeCheckpoint(
  run: RunDirectory,
  checkpoint: Checkpoint,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const encoding = encodeCheckpoint({ ...checkpoint, runId: run.runId });
  encoding.catch(() => {}); // it is thrown below, in its turn
  await run.inTurn(async () => {
    const bytes = await encoding;
    await attempt(run, bytes.length, async () => {
      await run.check();
      await write(bytes);
    });
  });
}

/** Makes a sentence of what the operating system says; a missing permission stays what it is. */
async function attempt(
  run: RunDirectory,
  sizeBytes: number,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(
      `Cannot save a checkpoint of ${sizeBytes} bytes in the run "${run.path}", which must be writable and have room: ${
        describeSystemError(error)
      }`,
      { cause: error },
    );
  }
}
