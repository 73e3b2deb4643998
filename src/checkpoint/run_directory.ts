/** A run is a directory that one process at a time writes to. @module */
import { allowUnsyncedDirectories } from "./directory_sync.ts";
import { DENO_FILE_SYSTEM, describeKind, type FileSystem } from "./file_system.ts";
import { parentOf, readTemporaryName, removeIfThere } from "./files.ts";
import { LOCK_FILE, type RunLock, takeLock } from "./lock.ts";
import { createQueue } from "./queue.ts";
import { findRunId, RUN_FILES, type RunDirectory } from "./run_files.ts";
import { describeSystemError } from "./system_error.ts";

/** Where runs are kept by default. */
export const DEFAULT_ROOT = "./checkpoints";

/** How to open a run. */
export interface OpenRunOptions {
  /**
   * Identity of the run. Default: the one that its checkpoints have, or a new random one. Give a new one
   * (`crypto.randomUUID()`) to begin another run in a directory that holds one.
   */
  readonly runId?: string;
  /** Called when the file system cannot promise what saving needs, with the consequence in words for people. */
  readonly onWarning?: (message: string) => void;
}

const NUMBERED = /^run-0*(\d{1,15})$/;
/** A number of that many digits is exact, and so is the next one. */
const MAX_NUMBER = 10 ** 15 - 1;

/**
 * Makes a new numbered run: `run-0001`, `run-0002` and so on under the root.
 *
 * @throws {Error} if the directory cannot be made
 */
export async function createNumberedRun(
  root: string = DEFAULT_ROOT,
  options: OpenRunOptions = {},
): Promise<RunDirectory> {
  return await attempt(`Cannot make a run under "${root}"`, async () => {
    const fileSystem = chooseFileSystem(options);
    await refuseForbiddenLink(root);
    await makeDirectory(root, fileSystem);
    const path = await makeNumberedDirectory(root);
    await fileSystem.syncDirectory(root);
    return await lockRun(path, options, fileSystem);
  });
}

/**
 * Opens a directory for writing a run; makes it if it is not there.
 *
 * @throws {Error} if another process writes to it, it cannot be written to, or something in it has the name of a run's file and is
 * none
 */
export async function openRun(path: string, options: OpenRunOptions = {}): Promise<RunDirectory> {
  return await attempt(`Cannot write to the run "${path}"`, async () => {
    const fileSystem = chooseFileSystem(options);
    await refuseForbiddenLink(path);
    await makeDirectory(path, fileSystem);
    return await lockRun(path, options, fileSystem);
  });
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
  for (const { path } of (await listNumbered(root)).reverse()) {
    if (await holdsRun(path)) return path;
  }
  throw new Error(`Cannot find a run under "${root}": train a model first, or name a run`);
}

/** Gives what is called `run-` and a number, in the order of the numbers. A longer number is no number of ours. */
async function listNumbered(root: string): Promise<{ number: number; path: string }[]> {
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

async function makeNumberedDirectory(root: string): Promise<string> {
  let number = (await listNumbered(root)).at(-1)?.number ?? 0;
  while (number < MAX_NUMBER) {
    const path = `${root}/run-${String(++number).padStart(4, "0")}`;
    try {
      await Deno.mkdir(path);
      return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error; // another process was faster
    }
  }
  throw new Error(`run-${number} has the highest number there can be; name the run yourself`);
}

async function lockRun(
  path: string,
  options: OpenRunOptions,
  fileSystem: FileSystem,
): Promise<RunDirectory> {
  await refuseForeignNames(path);
  const lock = await takeLock(path, () => holdsRun(path));
  let runId: string;
  try {
    await removeTemporaryFiles(path);
    runId = options.runId ?? await findRunId(path) ?? crypto.randomUUID();
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
  return createRunDirectory({ path, runId, fileSystem, lock });
}

function createRunDirectory(
  { lock, ...about }: Pick<RunDirectory, "path" | "runId" | "fileSystem"> & {
    readonly lock: RunLock;
  },
): RunDirectory {
  const queue = createQueue();
  let isClosed = false;
  return {
    ...about,
    check: () => lock.check(),
    async inTurn<T>(write: () => Promise<T>): Promise<T> {
      if (isClosed) throw new Error(`Cannot write to the run "${about.path}": it was closed`);
      return await queue.inTurn(write);
    },
    [Symbol.dispose](): void {
      if (isClosed) return;
      isClosed = true;
      queue.whenIdle(() => lock[Symbol.dispose]());
    },
  };
}

/** What has the name of a run's file must be one: a named pipe would be lost, and a directory cannot be replaced. */
async function refuseForeignNames(path: string): Promise<void> {
  for (const name of RUN_FILES) {
    const file = `${path}/${name}`;
    if (!await DENO_FILE_SYSTEM.isThere(file)) continue;
    const info = await Deno.lstat(file);
    if (info.isFile || info.isSymlink) continue; // a link is replaced, and what it points at stays
    throw new Error(
      `"${file}" must be a file, but is ${
        describeKind(info)
      }; move it away, or name another directory`,
    );
  }
}

/** Removes what a killed process left half written: files whose temporary names are of this run's files. */
async function removeTemporaryFiles(path: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(path)) {
    const written = readTemporaryName(name);
    if (!isFile || written === undefined) continue;
    if (written === LOCK_FILE || RUN_FILES.includes(written)) {
      await removeIfThere(`${path}/${name}`);
    }
  }
}

/** Where a link leads out of what is permitted, some calls pass and others do not: all of them must. */
async function refuseForbiddenLink(path: string): Promise<void> {
  const real = await findRealPath(path);
  if (real === undefined) return;
  if (await mayRead(real) && (await mayWrite(real) || !await mayWrite(path))) return;
  throw new Error(
    `a link leads to "${real}", where this program may not read and write; allow it with --allow-read=${real} --allow-write=${real}, or name a directory that is not behind a link`,
  );
}

/** Where a path leads that may not be there yet; undefined if it may not be asked. */
async function findRealPath(path: string): Promise<string | undefined> {
  let missing = "";
  for (let folder = path; await mayRead(folder); folder = parentOf(folder)) {
    try {
      return await Deno.realPath(folder) + missing;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) || folder === parentOf(folder)) throw error;
      missing = `/${folder.slice(folder.lastIndexOf("/") + 1)}${missing}`;
    }
  }
  return undefined;
}

function chooseFileSystem({ onWarning = () => {} }: OpenRunOptions): FileSystem {
  return allowUnsyncedDirectories(DENO_FILE_SYSTEM, onWarning);
}

/**
 * Makes a directory and those above it that are missing, and makes their names last. The permissions of the commands end
 * at the root of the runs: a name above it is synced only where it may be read.
 */
async function makeDirectory(path: string, fileSystem: FileSystem): Promise<void> {
  const parents: string[] = [];
  for (let folder = path; await mayRead(folder); folder = parentOf(folder)) {
    if (await fileSystem.isThere(folder)) break;
    parents.push(parentOf(folder));
  }
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw new Error(`it must be a directory, but is ${describeKind(await Deno.lstat(path))}`);
  }
  for (const parent of parents) {
    if (await mayRead(parent)) await fileSystem.syncDirectory(parent);
  }
}

async function mayRead(path: string): Promise<boolean> {
  return (await Deno.permissions.query({ name: "read", path })).state === "granted";
}

async function mayWrite(path: string): Promise<boolean> {
  return (await Deno.permissions.query({ name: "write", path })).state === "granted";
}

/** Makes a sentence of what the operating system says; a missing permission stays what it is. */
async function attempt<T>(failure: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(`${failure}: ${describeSystemError(error)}`, { cause: error });
  }
}
