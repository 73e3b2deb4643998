/** A run is a directory that one process at a time writes to. @module */
import { DENO_FILE_SYSTEM } from "./file_system.ts";
import { parentOf, removeIfThere } from "./files.ts";
import { findRunId, RUN_FILES, type RunDirectory, TEMPORARY_FILES } from "./run_files.ts";

/** Where runs are kept by default. */
export const DEFAULT_ROOT = "./checkpoints";

/** How to open a run. */
export interface OpenRunOptions {
  /**
   * Identity of the run. Default: the one that its checkpoints have, or a new random one. Give a new one
   * (`crypto.randomUUID()`) to begin another run in a directory that holds one.
   */
  readonly runId?: string;
}

const LOCK = "lock";
const NUMBERED = /^run-(\d+)$/;

/**
 * Makes a new numbered run: `run-0001`, `run-0002` and so on under the root.
 *
 * @throws {Error} if the directory cannot be made
 */
export async function createNumberedRun(
  root: string = DEFAULT_ROOT,
  options: OpenRunOptions = {},
): Promise<RunDirectory> {
  await makeDirectory(root);
  for (let number = (await listRuns(root)).at(-1)?.number ?? 0;;) {
    const path = `${root}/run-${String(++number).padStart(4, "0")}`;
    try {
      await Deno.mkdir(path);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) continue; // another process was faster
      throw error;
    }
    await DENO_FILE_SYSTEM.syncDirectory(root);
    return await lockRun(path, options);
  }
}

/**
 * Opens a directory for writing a run; makes it if it is not there.
 *
 * @throws {Error} if another process writes to it, or it cannot be written to
 */
export async function openRun(path: string, options: OpenRunOptions = {}): Promise<RunDirectory> {
  try {
    await makeDirectory(path);
    return await lockRun(path, options);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(`Cannot write to the run "${path}": ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Says whether a directory holds a run. */
export async function holdsRun(path: string): Promise<boolean> {
  for (const name of RUN_FILES) {
    if (await DENO_FILE_SYSTEM.isThere(`${path}/${name}`)) return true;
  }
  return false;
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
async function lockRun(path: string, options: OpenRunOptions): Promise<RunDirectory> {
  const lock = `${path}/${LOCK}`;
  const file = await Deno.open(lock, { read: true, write: true, create: true });
  let runId: string;
  try {
    if (!await file.tryLock(true)) {
      throw new Error(`it is in use by the process ${await readHolder(file)}`);
    }
    await file.truncate();
    await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
    for (const name of TEMPORARY_FILES) await removeIfThere(`${path}/${name}`);
    runId = options.runId ?? await findRunId(path) ?? crypto.randomUUID();
  } catch (error) {
    file.close();
    throw error;
  }
  return {
    path,
    runId,
    check: () => checkLock(file, lock, path),
    [Symbol.dispose]: () => file.close(),
  };
}

async function readHolder(file: Deno.FsFile): Promise<string> {
  const holder = new Uint8Array(32);
  const length = await file.read(holder) ?? 0;
  return new TextDecoder().decode(holder.subarray(0, length)).trim();
}

/** The lock that is held must be the file of that name: an open file's number is not given to another. */
async function checkLock(file: Deno.FsFile, lock: string, path: string): Promise<void> {
  const held = await file.stat();
  const named = await Deno.lstat(lock).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (named !== undefined && named.dev === held.dev && named.ino === held.ino) return;
  throw new Error(`the directory "${path}" was deleted or replaced after the run was opened`);
}

/**
 * Makes a directory and those above it that are missing, and makes their names last. The permissions of the commands end
 * at the root of the runs: a name above it is synced only where it may be read.
 */
async function makeDirectory(path: string): Promise<void> {
  const parents: string[] = [];
  for (let folder = path; await mayRead(folder); folder = parentOf(folder)) {
    if (await DENO_FILE_SYSTEM.isThere(folder)) break;
    parents.push(parentOf(folder));
  }
  await Deno.mkdir(path, { recursive: true });
  for (const parent of parents) {
    if (await mayRead(parent)) await DENO_FILE_SYSTEM.syncDirectory(parent);
  }
}

async function mayRead(path: string): Promise<boolean> {
  return (await Deno.permissions.query({ name: "read", path })).state === "granted";
}
