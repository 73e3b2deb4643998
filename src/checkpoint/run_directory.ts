/** Opens and deletes runs. A run is a directory that one process at a time writes to. @module */
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { type Fault, functionRule, optional, PATH, type Rule } from "../arguments/rule.ts";
import { allowUnsyncedDirectories } from "./directory_sync.ts";
import { RUN_ID } from "./checkpoint_state.ts";
import { checkHasFiles, DENO_FILE_SYSTEM, describeKind, type FileSystem } from "./file_system.ts";
import { parentOf, readTemporaryName, removeIfThere } from "./files.ts";
import { LOCK_FILE, type RunLock, takeLock } from "./lock.ts";
import { makeDirectory, mayRead, refuseForbiddenLink } from "./make_directory.ts";
import { listNumbered, makeNumberedDirectory } from "./numbered_names.ts";
import { createQueue } from "./queue.ts";
import { findRunId } from "./read_run.ts";
import { clearRun, RUN_FILES, type RunDirectory } from "./run_files.ts";
import { describeSystemError } from "./system_error.ts";

/** The default directory of the runs. */
export const DEFAULT_ROOT = "./checkpoints";

/** How to open a run. */
export interface OpenRunOptions {
  /**
   * Identity of the run. Default: the identity in its checkpoints, or a new random one. Give a new one
   * (`crypto.randomUUID()`) to begin a new run in a directory that holds one.
   */
  readonly runId?: string;
  /** Called if the file system lacks a call that saving needs, with a message that says the consequence. */
  readonly onWarning?: (message: string) => void;
}

const RUN_ID_RULE: Rule<string> = {
  must: "1 to 64 letters, digits and dashes",
  findFault(value): Fault | undefined {
    if (typeof value !== "string") return "type";
    return RUN_ID.test(value) ? undefined : "value";
  },
};

const OPEN_RULES: Rules<OpenRunOptions> = {
  runId: optional(RUN_ID_RULE),
  onWarning: optional(functionRule()),
};

/**
 * Makes a new numbered run: `run-0001`, `run-0002` and so on under the root.
 *
 * @throws {Error} if the directory cannot be made
 */
export async function createNumberedRun(
  root: string = DEFAULT_ROOT,
  options: OpenRunOptions = {},
): Promise<RunDirectory> {
  checkOpening("make a run", root, options);
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
 * Opens a directory to write a run. It makes the directory if it does not exist. {@linkcode loadModel} has an example.
 *
 * @throws {Error} if another process writes to it, if it cannot be written to, or if one of the names of a run's files belongs to
 * something that is not a file
 */
export async function openRun(path: string, options: OpenRunOptions = {}): Promise<RunDirectory> {
  checkOpening("open a run", path, options);
  return await attempt(`Cannot write to the run "${path}"`, async () => {
    const fileSystem = chooseFileSystem(options);
    await refuseForbiddenLink(path);
    await makeDirectory(path, fileSystem);
    return await lockRun(path, options, fileSystem);
  });
}

/**
 * Deletes a run: its files, the latest checkpoint last, then the lock, then the directory if it is empty. A deletion that is cut
 * short leaves a run that can be read and deleted, or a directory with a lock.
 *
 * @param removeOthers removes other things that belong to the run; called before any file is removed
 * @returns the names of the files that are left, which do not belong to the run; none if the directory was removed
 * @throws {Error} if another process writes to the run, or it cannot be deleted
 */
export async function deleteRun(
  path: string,
  removeOthers: (path: string) => Promise<void> = () => Promise.resolve(),
): Promise<readonly string[]> {
  return await attempt(`Cannot delete the run "${path}"`, async () => {
    const fileSystem = chooseFileSystem({});
    await refuseForbiddenLink(path);
    const { run, lock } = await holdRun(path, {}, fileSystem);
    using _ = run;
    await removeOthers(path);
    await clearRun(run);
    await lock.remove();
    const left = (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name).sort();
    if (left.length > 0) return left;
    await Deno.remove(path);
    if (await mayRead(parentOf(path))) await fileSystem.syncDirectory(parentOf(path));
    return [];
  });
}

function checkOpening(action: string, path: string, options: OpenRunOptions): void {
  checkValue(action, "its directory", path, PATH);
  resolveOptions(options, { action, rules: OPEN_RULES, defaults: {} });
  checkHasFiles(action);
}

/** Says whether a directory holds a run. */
export async function holdsRun(path: string): Promise<boolean> {
  for (const name of RUN_FILES) {
    if (await DENO_FILE_SYSTEM.isThere(`${path}/${name}`)) return true;
  }
  return false;
}

/**
 * Finds the numbered run with the highest number that has a file. Times of files do not matter.
 *
 * @throws {Error} if there is none
 */
export async function findNewestRun(root: string = DEFAULT_ROOT): Promise<string> {
  return await attempt(`Cannot find a run under "${root}"`, async () => {
    for (const { path } of (await listNumbered(root)).reverse()) {
      if (await holdsRun(path)) return path;
    }
    throw new Error("train a model first, or name a run");
  });
}

async function lockRun(
  path: string,
  options: OpenRunOptions,
  fileSystem: FileSystem,
): Promise<RunDirectory> {
  return (await holdRun(path, options, fileSystem)).run;
}

async function holdRun(
  path: string,
  options: OpenRunOptions,
  fileSystem: FileSystem,
): Promise<{ run: RunDirectory; lock: RunLock }> {
  await refuseForeignNames(path);
  const lock = await takeLock(path, () => holdsRun(path));
  try {
    await removeTemporaryFiles(path);
    const runId = options.runId ?? await findRunId(path) ?? crypto.randomUUID();
    return { run: createRunDirectory({ path, runId, fileSystem, lock }), lock };
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
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

/** Refuses a run if one of its names belongs to another kind of thing: a named pipe would be lost, a directory cannot be replaced. */
async function refuseForeignNames(path: string): Promise<void> {
  for (const name of RUN_FILES) {
    const file = `${path}/${name}`;
    if (!await DENO_FILE_SYSTEM.isThere(file)) continue;
    const info = await Deno.lstat(file);
    if (info.isFile || info.isSymlink) continue; // a link is replaced, but its target stays
    throw new Error(
      `"${file}" must be a file, but is ${
        describeKind(info)
      }; move it away, or name another directory`,
    );
  }
}

/** Removes the temporary files of this run that a killed process left. */
async function removeTemporaryFiles(path: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(path)) {
    const written = readTemporaryName(name);
    if (!isFile || written === undefined) continue;
    if (written === LOCK_FILE || RUN_FILES.includes(written)) {
      await removeIfThere(`${path}/${name}`);
    }
  }
}

function chooseFileSystem({ onWarning = () => {} }: OpenRunOptions): FileSystem {
  return allowUnsyncedDirectories(DENO_FILE_SYSTEM, onWarning);
}

/** Explains an error of the operating system in a sentence. A missing permission is thrown as it is. */
async function attempt<T>(failure: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(`${failure}: ${describeSystemError(error)}`, { cause: error });
  }
}
