/** Writes files so that a reader finds a whole file or none. @module */
import { DENO_FILE_SYSTEM, type FileSystem } from "./file_system.ts";

/** The content of a file, in pieces. */
export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** How to write a file. */
export interface PrepareOptions {
  /** Permissions, reduced by the umask. Default: 0o666. */
  readonly mode?: number;
  /** Default: that of this machine. */
  readonly fileSystem?: FileSystem;
}

/** What happens to the file that is replaced. */
export interface ReplaceOptions {
  /** The paths under which it and the files kept before it are kept, newest first. Default: none. */
  readonly keepAs?: readonly string[];
  /** Default: that of this machine. */
  readonly fileSystem?: FileSystem;
}

/**
 * A file that is written and synced, and has a temporary name. Declare it with `await using`: the file is removed unless it
 * got its own name.
 */
export interface PreparedFile extends AsyncDisposable {
  /** The temporary path. */
  readonly temporary: string;
  /**
   * Gives the file its name, and syncs the folder. A file that had that name gets the first name of `keepAs`; without one, it
   * is replaced.
   */
  replace(keepAs?: readonly string[]): Promise<void>;
  /**
   * Gives the file its name, and syncs the folder.
   *
   * @throws {Deno.errors.AlreadyExists} if something has that name now
   */
  claim(): Promise<void>;
}

/** How a temporary name ends. */
const TEMPORARY_ENDING = /^(.*)\.[0-9a-f]{16}\.tmp$/;
/** Most characters of a file's name that its temporary name repeats: names are limited to 255 bytes. */
const MAX_NAME_CHARACTERS = 48;

/** Gives a new temporary path in the same folder. */
export function newTemporaryPath(
  path: string,
  fileSystem: FileSystem = DENO_FILE_SYSTEM,
): string {
  const folder = path.slice(0, lastSeparator(path) + 1);
  const name = Array.from(path.slice(folder.length)).slice(0, MAX_NAME_CHARACTERS).join("");
  return `${folder}${name}.${fileSystem.newName()}.tmp`; // fault point: temporary name
}

/** Gives the name that a temporary file was to get; undefined if the name is not a temporary one. */
export function readTemporaryName(name: string): string | undefined {
  return TEMPORARY_ENDING.exec(name)?.[1];
}

/**
 * Writes and syncs a file under a new temporary name in the folder of its own name.
 *
 * @throws {Error} the error of the file system; the temporary file is then removed
 */
export async function prepareFile(
  path: string,
  chunks: Chunks,
  options: PrepareOptions = {},
): Promise<PreparedFile> {
  const { mode, fileSystem = DENO_FILE_SYSTEM } = options;
  const temporary = newTemporaryPath(path, fileSystem);
  let named = false;
  const discard = async (): Promise<void> => {
    if (named) return;
    await removeIfThere(temporary, fileSystem).catch(() => {}); // the first error is the one to report; fault point: temporary file
  };
  try {
    await writeSynced(temporary, chunks, { mode, fileSystem });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) await discard();
    throw error;
  }
  return {
    temporary,
    async replace(keepAs = []): Promise<void> {
      await rotate([path, ...keepAs], fileSystem);
      await renameOrRestore(temporary, path, { keptAs: keepAs[0], fileSystem });
      named = true;
      await fileSystem.syncDirectory(parentOf(path)); // fault point: sync of a replacement
    },
    async claim(): Promise<void> {
      await takeFreeName(temporary, path, fileSystem);
      named = true;
      await fileSystem.syncDirectory(parentOf(path));
    },
    [Symbol.asyncDispose]: discard,
  };
}

/**
 * Replaces a file: a temporary file in the same folder is written, synced and renamed over it, then the folder is synced.
 * After a crash at any moment there is the old content, under its name or the first of `keepAs`, or the new content.
 *
 * @throws {Error} the error of the file system; the old file is then unchanged
 */
export async function replaceFile(
  path: string,
  chunks: Chunks,
  options: ReplaceOptions = {},
): Promise<void> {
  const { keepAs, fileSystem = DENO_FILE_SYSTEM } = options;
  await using prepared = await prepareFile(path, chunks, { fileSystem }); // fault point: new content
  await prepared.replace(keepAs); // fault point: replacement
}

/** Finds out whether a file could be written: writes the same bytes under a temporary name, syncs them, then removes them. */
export async function rehearseReplace(
  path: string,
  chunks: Chunks,
  fileSystem: FileSystem = DENO_FILE_SYSTEM,
): Promise<void> {
  const { temporary } = await prepareFile(path, chunks, { fileSystem });
  await removeIfThere(temporary, fileSystem);
}

/** Removes a file if it exists. */
export async function removeIfThere(
  path: string,
  fileSystem: FileSystem = DENO_FILE_SYSTEM,
): Promise<void> {
  try {
    await fileSystem.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** The folder that a path lies in. */
export function parentOf(path: string): string {
  const cut = lastSeparator(path);
  return cut < 0 ? "." : path.slice(0, cut) || "/";
}

function lastSeparator(path: string): number {
  return Math.max(path.lastIndexOf("/"), Deno.build.os === "windows" ? path.lastIndexOf("\\") : -1);
}

/** Writes all of some bytes. */
export async function writeAll(
  file: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const count = await file.write(bytes.subarray(written));
    if (count === 0) throw new Error("the file system accepted no bytes");
    written += count; // fault point: rest of a write
  }
}

async function writeSynced(
  path: string,
  chunks: Chunks,
  { mode, fileSystem }: { readonly mode: number | undefined; readonly fileSystem: FileSystem },
): Promise<void> {
  using file = await fileSystem.createFile(path, mode);
  for await (const chunk of chunks) await writeAll(file, chunk);
  await file.sync(); // fault point: sync of a file
}

/** Renames every file to the next path, the oldest first, so that only the last one is overwritten. */
async function rotate(paths: readonly string[], fileSystem: FileSystem): Promise<void> {
  for (let i = paths.length - 1; i > 0; i--) { // fault point: order of a rotation
    try {
      await fileSystem.rename(paths[i - 1]!, paths[i]!);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** Renames the new file. If that fails, the old file gets its name back. */
async function renameOrRestore(
  from: string,
  to: string,
  { keptAs, fileSystem }: { readonly keptAs: string | undefined; readonly fileSystem: FileSystem },
): Promise<void> {
  try {
    await fileSystem.rename(from, to);
  } catch (error) {
    if (keptAs !== undefined) await fileSystem.rename(keptAs, to).catch(() => {}); // it may not exist; fault point: old name
    throw error;
  }
}

/**
 * Gives a file a second name, which must be free, then removes the first one. If the file system allows one name only, it
 * checks that the name is free and renames the file.
 */
async function takeFreeName(from: string, to: string, fileSystem: FileSystem): Promise<void> {
  try {
    await fileSystem.link(from, to);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists || await fileSystem.isThere(to)) {
      throw new Deno.errors.AlreadyExists(`"${to}" already exists`);
    }
    await fileSystem.rename(from, to);
    return;
  }
  await removeIfThere(from, fileSystem);
}
