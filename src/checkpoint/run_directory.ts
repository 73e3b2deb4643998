/**
 * A run is a directory: `latest.safetensors`, the one before it, the best one, and `metrics.jsonl`.
 *
 * @module
 */
import type { EpochMetrics } from "../training/metrics.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
import { isThere, readIfThere, removeIfThere, replaceFile } from "./files.ts";

/** Where runs are kept by default. */
export const DEFAULT_ROOT = "./checkpoints";

/** Which of a run's checkpoints. */
export type CheckpointChoice = "latest" | "best";

/** A run that this process alone writes to, until it is disposed of. */
export interface RunDirectory extends Disposable {
  /** Where it is. */
  readonly path: string;
}

/** What was read, and what had to be passed over. */
export interface FoundCheckpoint {
  /** What was saved. */
  readonly checkpoint: Checkpoint;
  /** The file it is from. */
  readonly path: string;
  /** Newer files that could not be used, each with the reason, in words for people. */
  readonly skipped: readonly string[];
}

const LATEST = "latest.safetensors";
const PREVIOUS = "previous.safetensors";
const BEST = "best.safetensors";
const METRICS_LOG = "metrics.jsonl";
const RUN_FILES = [LATEST, PREVIOUS, BEST, METRICS_LOG];
const LOCK = "lock";
const NUMBERED = /^run-(\d+)$/;

/**
 * Makes a new numbered run: `run-0001`, `run-0002` and so on under the root.
 *
 * @throws {Error} if the directory cannot be made
 */
export async function createNumberedRun(root: string = DEFAULT_ROOT): Promise<RunDirectory> {
  await Deno.mkdir(root, { recursive: true });
  for (let number = (await listRuns(root)).at(-1)?.number ?? 0;;) {
    const path = `${root}/run-${String(++number).padStart(4, "0")}`;
    try {
      await Deno.mkdir(path);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) continue; // another process was faster
      throw error;
    }
    return await lockRun(path);
  }
}

/**
 * Opens a directory for writing a run; makes it if it is not there.
 *
 * @throws {Error} if another process writes to it
 */
export async function openRun(path: string): Promise<RunDirectory> {
  await Deno.mkdir(path, { recursive: true });
  return await lockRun(path);
}

/** Says whether a directory holds a run. */
export async function holdsRun(path: string): Promise<boolean> {
  for (const name of RUN_FILES) {
    if (await isThere(`${path}/${name}`)) return true;
  }
  return false;
}

/** Removes what a run wrote, and nothing else. */
export async function clearRun(run: RunDirectory): Promise<void> {
  for (const name of RUN_FILES) await removeIfThere(`${run.path}/${name}`);
}

/** How to save. */
export interface SaveOptions {
  /** Whether it is the best of its run so far. Default false. */
  readonly best?: boolean;
}

/**
 * Saves a checkpoint as the latest of its run; the latest before it becomes the previous one. When this returns, it is
 * on the disk.
 *
 * @returns the path of the file
 */
export async function saveToRun(
  run: RunDirectory,
  checkpoint: Checkpoint,
  options: SaveOptions = {},
): Promise<string> {
  const path = `${run.path}/${LATEST}`;
  const bytes = await encodeCheckpoint(checkpoint);
  if (options.best) await replaceFile(`${run.path}/${BEST}`, [bytes]);
  await replaceFile(path, [bytes], { keepAs: `${run.path}/${PREVIOUS}` });
  await writeMetricsLog(run, checkpoint.progress.history);
  return path;
}

/** Writes the log of a run, a line of JSON an epoch, from the history that the checkpoint holds: they cannot differ. */
async function writeMetricsLog(
  run: RunDirectory,
  history: readonly EpochMetrics[],
): Promise<void> {
  const text = history.map((metrics) => JSON.stringify(metrics) + "\n").join("");
  await replaceFile(`${run.path}/${METRICS_LOG}`, [new TextEncoder().encode(text)]);
}

/**
 * Reads a checkpoint of a run. If the latest one is missing or damaged, the one before it is used, and said so.
 *
 * @throws {Error} if none can be read, with the reason for each
 */
export async function readRun(
  path: string,
  choice: CheckpointChoice = "latest",
): Promise<FoundCheckpoint> {
  const names = choice === "best" ? [BEST] : [LATEST, PREVIOUS];
  const skipped: string[] = [];
  for (const name of names) {
    const file = `${path}/${name}`;
    const bytes = await readIfThere(file);
    if (bytes === undefined) {
      skipped.push(`${file}: it is not there`);
      continue;
    }
    try {
      return { checkpoint: await decodeCheckpoint(bytes), path: file, skipped };
    } catch (error) {
      skipped.push(`${file}: ${(error as Error).message}`);
    }
  }
  throw new Error(`Cannot read a checkpoint of the run "${path}": ${skipped.join("; ")}`);
}

/** Reads one checkpoint file. @throws {Error} if it is missing or damaged */
export async function readCheckpointFile(path: string): Promise<Checkpoint> {
  try {
    return await decodeCheckpoint(await Deno.readFile(path));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SyntaxError(`${path}: ${error.message}`);
  }
}

/**
 * Finds the newest numbered run that has saved something. Numbers count, not clocks.
 *
 * @throws {Error} if there is none
 */
export async function findNewestRun(root: string = DEFAULT_ROOT): Promise<string> {
  for (const { path } of (await listRuns(root)).reverse()) {
    if (await holdsRun(path)) return path;
  }
  throw new Error(`Cannot find a run under "${root}": train a model first, or name a run`);
}

async function listRuns(root: string): Promise<{ number: number; path: string }[]> {
  const runs: { number: number; path: string }[] = [];
  try {
    for await (const { name } of Deno.readDir(root)) {
      const match = NUMBERED.exec(name);
      if (match) runs.push({ number: Number(match[1]), path: `${root}/${name}` });
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return runs.sort((a, b) => a.number - b.number);
}

/** Holds the file lock of a run: the operating system gives it back when the process ends, however it ends. */
async function lockRun(path: string): Promise<RunDirectory> {
  const file = await Deno.open(`${path}/${LOCK}`, { read: true, write: true, create: true });
  if (!await file.tryLock(true)) {
    const holder = new Uint8Array(32);
    const length = await file.read(holder) ?? 0;
    file.close();
    const pid = new TextDecoder().decode(holder.subarray(0, length)).trim();
    throw new Error(`Cannot write to the run "${path}": it is in use by the process ${pid}`);
  }
  await file.truncate();
  await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
  return { path, [Symbol.dispose]: () => file.close() };
}
