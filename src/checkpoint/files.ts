/** Files that are there whole or not at all. @module */
import { DENO_FILE_SYSTEM, type FileSystem } from "./file_system.ts";

/** What happens to the file that was there before. */
export interface ReplaceOptions {
  /** The paths under which it and the ones kept before it are kept, newest first. Default: none. */
  readonly keepAs?: readonly string[];
  /** Default: that of this machine. */
  readonly fileSystem?: FileSystem;
}

/** The name under which a file is written before it gets its own. */
export function temporaryPathOf(path: string): string {
  return `${path}.tmp`;
}

/**
 * Replaces a file: a temporary file beside it is written, synced and renamed over it, then the folder is synced. After a
 * crash at any moment the old content, under its name or the first one to keep it as, or the new one is there.
 *
 * @param chunks the new content, in pieces
 * @throws {Error} as the file system says; the old file is then untouched
 */
export async function replaceFile(
  path: string,
  chunks: Iterable<Uint8Array>,
  options: ReplaceOptions = {},
): Promise<void> {
  const { keepAs = [], fileSystem = DENO_FILE_SYSTEM } = options;
  const temporary = temporaryPathOf(path);
  await removeIfThere(temporary, fileSystem);
  try {
    await writeSynced(temporary, chunks, fileSystem);
    await rotate([path, ...keepAs], fileSystem);
    await renameOrRestore(temporary, path, { keptAs: keepAs[0], fileSystem });
  } catch (error) {
    await removeIfThere(temporary, fileSystem).catch(() => {}); // what went wrong first is what to report
    throw error;
  }
  await fileSystem.syncDirectory(parentOf(path));
}

/** Finds out whether a file could be written: the same bytes under its temporary name, synced, then removed. */
export async function rehearseReplace(
  path: string,
  chunks: Iterable<Uint8Array>,
  fileSystem: FileSystem = DENO_FILE_SYSTEM,
): Promise<void> {
  const temporary = temporaryPathOf(path);
  await removeIfThere(temporary, fileSystem);
  try {
    await writeSynced(temporary, chunks, fileSystem);
  } finally {
    await removeIfThere(temporary, fileSystem);
  }
}

/** Removes a file if it is there. */
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
  const cut = path.lastIndexOf("/");
  return cut < 0 ? "." : path.slice(0, cut) || "/";
}

async function writeSynced(
  path: string,
  chunks: Iterable<Uint8Array>,
  fileSystem: FileSystem,
): Promise<void> {
  using file = await fileSystem.createFile(path);
  for (const chunk of chunks) {
    let written = 0;
    while (written < chunk.length) {
      const count = await file.write(chunk.subarray(written));
      if (count === 0) throw new Error(`Cannot write "${path}": the file system takes no bytes`);
      written += count;
    }
  }
  await file.sync();
}

/** Gives every file the next one's name, the oldest first, so that none is overwritten but the last. */
async function rotate(paths: readonly string[], fileSystem: FileSystem): Promise<void> {
  for (let i = paths.length - 1; i > 0; i--) {
    try {
      await fileSystem.rename(paths[i - 1]!, paths[i]!);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** Renames the new file; if that fails, the file that made room for it gets its name back. */
async function renameOrRestore(
  from: string,
  to: string,
  { keptAs, fileSystem }: { readonly keptAs: string | undefined; readonly fileSystem: FileSystem },
): Promise<void> {
  try {
    await fileSystem.rename(from, to);
  } catch (error) {
    if (keptAs !== undefined) await fileSystem.rename(keptAs, to).catch(() => {}); // it may not be there
    throw error;
  }
}
