/** Files that are there whole or not at all. @module */

/** What happens to the file that was there before. */
export interface ReplaceOptions {
  /** The path under which it is kept. Default: it is not. */
  readonly keepAs?: string;
}

/**
 * Replaces a file: a temporary file beside it is written, synced and renamed over it, then the folder is synced. After a
 * crash at any moment the old content, under its name or the one to keep it as, or the new one is there.
 *
 * @param chunks the new content, in pieces
 * @throws {Error} as the file system says; the old file is then untouched
 */
export async function replaceFile(
  path: string,
  chunks: Iterable<Uint8Array>,
  options: ReplaceOptions = {},
): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await writeSynced(temporary, chunks);
    if (options.keepAs !== undefined) await renameIfThere(path, options.keepAs);
    await Deno.rename(temporary, path);
  } catch (error) {
    await removeIfThere(temporary).catch(() => {}); // what went wrong first is what to report
    throw error;
  }
  await syncDirectory(parentOf(path));
}

/** Makes what happened to the names in a folder last. Windows offers no such call. */
async function syncDirectory(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using directory = await Deno.open(path, { read: true });
  await directory.sync();
}

/** Removes a file if it is there. */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Renames a file if it is there. */
async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await Deno.rename(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Says whether a file or folder is there. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Reads a file if it is there. */
export async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function writeSynced(path: string, chunks: Iterable<Uint8Array>): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true, truncate: true });
  for (const chunk of chunks) {
    let written = 0;
    while (written < chunk.length) written += await file.write(chunk.subarray(written));
  }
  await file.sync();
}

function parentOf(path: string): string {
  const cut = path.lastIndexOf("/");
  return cut < 0 ? "." : path.slice(0, cut) || "/";
}
