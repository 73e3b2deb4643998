/** Describes runs without loading their models. @module */
import { DENO_FILE_SYSTEM } from "./file_system.ts";
import { findLockHolder, type LockHolder } from "./lock.ts";
import { readRunNumber } from "./numbered_names.ts";
import { holdsRun } from "./run_directory.ts";
import { readRun } from "./read_run.ts";
import { RUN_FILES } from "./run_files.ts";
import { describeSystemError } from "./system_error.ts";

/** A run at a glance. */
export interface RunOverview {
  /** Its directory. */
  readonly path: string;
  /** Bytes of its files. */
  readonly sizeBytes: number;
  /** Who writes to it now. */
  readonly holder: LockHolder;
  /** State of its newest checkpoint; undefined if none can be read. */
  readonly saved: SavedState | undefined;
  /** Files that could not be used, each with the reason. */
  readonly problems: readonly string[];
}

/** State of a run as its checkpoint says. */
export interface SavedState {
  /** When it was saved; null if the file system does not say. */
  readonly savedAt: Date | null;
  readonly step: number;
  /** Epochs done. */
  readonly epochs: number;
  /** Epochs of the whole training. */
  readonly plannedEpochs: number;
  /** Share of validation examples answered correctly after the last epoch, 0 to 1; null before the first epoch. */
  readonly exactMatch: number | null;
}

/**
 * Finds the runs in a directory: the directory itself if it is a run, otherwise the runs directly in it, numbered ones first.
 *
 * @throws {Error} if the directory cannot be read
 */
export async function listRuns(root: string): Promise<readonly string[]> {
  if (await holdsRun(root)) return [root];
  const found: string[] = [];
  for await (const { name, isFile } of Deno.readDir(root)) {
    if (!isFile && await holdsRun(`${root}/${name}`)) found.push(name);
  }
  return found.sort(compareNames).map((name) => `${root}/${name}`);
}

/** Describes a run. It changes nothing. */
export async function describeRun(path: string): Promise<RunOverview> {
  const holder = await findLockHolder(path);
  const sizeBytes = await sumSizes(path);
  try {
    const { checkpoint, path: file, skipped } = await readRun(path);
    const { step, history } = checkpoint.progress;
    const saved = {
      savedAt: (await Deno.stat(file)).mtime,
      step,
      epochs: history.length,
      plannedEpochs: checkpoint.training.epochs,
      exactMatch: history.at(-1)?.exactMatch ?? null,
    };
    return { path, sizeBytes, holder, saved, problems: skipped };
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return { path, sizeBytes, holder, saved: undefined, problems: [describeSystemError(error)] };
  }
}

async function sumSizes(path: string): Promise<number> {
  let sum = 0;
  for (const name of RUN_FILES) {
    const file = `${path}/${name}`;
    if (await DENO_FILE_SYSTEM.isThere(file)) sum += (await Deno.lstat(file)).size;
  }
  return sum;
}

function compareNames(a: string, b: string): number {
  const [first, second] = [a, b].map((name) => readRunNumber(name) ?? Infinity);
  if (first !== second) return first! < second! ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
