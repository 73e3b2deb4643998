/**
 * The lock of a run: a file that is locked by the process that writes to the run. The operating system unlocks it when the
 * process ends, even by a kill.
 *
 * The file contains `carry` and the process id. A file of that name with another content belongs to another program, and is not
 * changed.
 *
 * @module
 */
import { DENO_FILE_SYSTEM, describeKind } from "./file_system.ts";
import { newTemporaryPath, removeIfThere, writeAll } from "./files.ts";
import { lstatIfThere } from "./stat_if_there.ts";
import { systemErrorCode } from "./system_error.ts";

/** A lock that this process holds. Disposing of it releases it. */
export interface RunLock extends Disposable {
  /**
   * Checks that the lock is still the file in the directory.
   *
   * @throws {Error} if the directory was deleted, or another one took its place
   */
  check(): Promise<void>;
  /** Removes the file. The lock is held until it is disposed of. */
  remove(): Promise<void>;
}

/** Who writes to a run: a process (`pid` is 0 if its id is unknown), nobody, or unknown. */
export type LockHolder = { readonly pid: number } | "nobody" | "unknown";

/** Name of the lock in the directory of the run. */
export const LOCK_FILE = "lock";

/** Digits of a process id. The number is padded, so that a new content has the same length as the old one. */
const PID_DIGITS = 10;
const OURS = /^carry +(\d+)\n$/;
/** Content of a lock of an older version, without `carry`. It is empty if the disk was full. */
const OURS_IN_A_RUN = /^(\d*)\n?$/;
/** Bytes that are read: more than any lock has. */
const MAX_BYTES = 64;
/** Errors of a file system that has no locks. */
const NO_LOCKS: readonly (string | undefined)[] = ["ENOLCK", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"];

/** Errors of a file system that allows a file one name only. */
const NO_SECOND_NAMES: readonly (string | undefined)[] = [...NO_LOCKS, "EPERM", "EMLINK", "EINVAL"];

/** Attempts to take the lock. A process that only looks at a lock also holds it for a moment, so one attempt is not enough. */
const TRIES = 4;
const RETRY_MS = 25;
/** Most attempts that fail because another process made or removed the lock meanwhile. */
const MAX_RACES = 100;

/**
 * Takes the lock of a run.
 *
 * @param holdsRun says whether the directory holds a run. A lock without `carry` is accepted only in a run of an older version
 * @throws {Error} if another process holds it, if the file is not a lock of Carry, or if the file system has no locks
 */
export async function takeLock(
  folder: string,
  holdsRun: () => Promise<boolean>,
): Promise<RunLock> {
  const path = `${folder}/${LOCK_FILE}`;
  for (let race = 0; race < MAX_RACES; race++) {
    const file = await openLock(path, holdsRun) ?? await createLock(path);
    if (file === undefined) continue;
    return {
      check: () => checkLock(file, path, folder),
      async remove(): Promise<void> {
        await checkLock(file, path, folder);
        await removeIfThere(path);
      },
      [Symbol.dispose]: () => file.close(),
    };
  }
  throw new Error(`another process makes and removes "${path}" again and again`);
}

/** Finds out who holds the lock of a run. It changes nothing. */
export async function findLockHolder(folder: string): Promise<LockHolder> {
  const path = `${folder}/${LOCK_FILE}`;
  if (!(await lstatIfThere(path))?.isFile) return "nobody";
  try {
    using file = await Deno.open(path, { read: true });
    if (await file.tryLock(false)) return "nobody";
    const text = await readText(file);
    return { pid: Number((OURS.exec(text) ?? OURS_IN_A_RUN.exec(text))?.[1] ?? 0) };
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return error instanceof Deno.errors.NotFound ? "nobody" : "unknown";
  }
}

/** Opens and locks the file if it exists; undefined if it does not exist, or was replaced meanwhile. */
async function openLock(
  path: string,
  holdsRun: () => Promise<boolean>,
): Promise<Deno.FsFile | undefined> {
  const named = await lstatIfThere(path);
  if (named === undefined) return undefined;
  if (!named.isFile) throw foreign(path, `is ${describeKind(named)}`);
  const file = await openIfThere(path);
  if (file === undefined) return undefined;
  try {
    if (!isSame(named, await file.stat())) return giveUp(file);
    const text = await readText(file);
    const isOurs = OURS.test(text) || OURS_IN_A_RUN.test(text) && await holdsRun();
    if (!isOurs) throw foreign(path, "has another content");
    await lockOrThrow(file, text);
    const now = await lstatIfThere(path);
    if (now === undefined || !isSame(named, now)) return giveUp(file); // its holder has removed it
    await file.seek(0, Deno.SeekMode.Start);
    await writeAll(file, describeHolder());
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Makes the file; undefined if another process was faster. The file is written and locked before it gets its name. */
async function createLock(path: string): Promise<Deno.FsFile | undefined> {
  const temporary = newTemporaryPath(path);
  const file = await Deno.open(temporary, { read: true, write: true, createNew: true });
  let taken = false;
  try {
    await writeAll(file, describeHolder());
    await lockOrThrow(file, "");
    await DENO_FILE_SYSTEM.link(temporary, path);
    taken = true;
    return file;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return undefined;
    if (error instanceof Deno.errors.NotFound) return undefined; // the other process removed temporary files
    if (NO_SECOND_NAMES.includes(systemErrorCode(error))) return await createLockInPlace(path);
    throw error;
  } finally {
    if (!taken) file.close();
    await removeIfThere(temporary);
  }
}

/**
 * Makes the file where a file system allows one name only. A kill between the two calls leaves an empty lock.
 */
async function createLockInPlace(path: string): Promise<Deno.FsFile | undefined> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path, { read: true, write: true, createNew: true });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return undefined;
    throw error;
  }
  try {
    await lockOrThrow(file, "");
    await writeAll(file, describeHolder());
    return file;
  } catch (error) {
    file.close();
    await removeIfThere(path);
    throw error;
  }
}

async function lockOrThrow(file: Deno.FsFile, holder: string): Promise<void> {
  for (let left = TRIES; !await tryLock(file);) { // fault point: attempt to lock
    if (--left === 0) {
      const pid = (OURS.exec(holder) ?? OURS_IN_A_RUN.exec(holder))?.[1];
      throw new Error(`it is in use by ${pid ? `the process ${Number(pid)}` : "another process"}`);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function tryLock(file: Deno.FsFile): Promise<boolean> {
  try {
    return await file.tryLock(true);
  } catch (error) {
    const code = systemErrorCode(error);
    if (!NO_LOCKS.includes(code)) throw error;
    throw new Error(
      `its file system cannot lock files (${code}), so two processes could write to the run at the same time; keep the run on a local disk`,
      { cause: error },
    );
  }
}

/** Checks that the lock that is held is the file of that name. No other file gets the inode of an open file. */
async function checkLock(file: Deno.FsFile, path: string, folder: string): Promise<void> {
  const named = await lstatIfThere(path);
  if (named !== undefined && isSame(named, await file.stat())) return;
  throw new Error(
    `the directory "${folder}", or its file "${LOCK_FILE}", was deleted or replaced after the run was opened`,
  );
}

function foreign(path: string, found: string): Error {
  return new Error(
    `"${path}" must be the lock of a run, but ${found}; move it away, or name another directory`,
  );
}

function describeHolder(): Uint8Array {
  return new TextEncoder().encode(`carry ${String(Deno.pid).padStart(PID_DIGITS)}\n`);
}

async function readText(file: Deno.FsFile): Promise<string> {
  const bytes = new Uint8Array(MAX_BYTES);
  const length = await file.read(bytes) ?? 0;
  return new TextDecoder().decode(bytes.subarray(0, length));
}

function isSame(a: Deno.FileInfo, b: Deno.FileInfo): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

async function openIfThere(path: string): Promise<Deno.FsFile | undefined> {
  try {
    return await Deno.open(path, { read: true, write: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function giveUp(file: Deno.FsFile): undefined {
  file.close();
  return undefined;
}
