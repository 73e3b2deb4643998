/** Directories that are there after a power loss, and only where all calls may go. @module */
import { describeKind, type FileSystem } from "./file_system.ts";
import { parentOf } from "./files.ts";

/**
 * Makes a directory and those above it that are missing, and makes their names last. The permissions of the commands end
 * at the root of the runs: a name above it is synced only where it may be read.
 */
export async function makeDirectory(path: string, fileSystem: FileSystem): Promise<void> {
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

/** Where a link leads out of what is permitted, some calls pass and others do not: all of them must. */
export async function refuseForbiddenLink(path: string): Promise<void> {
  const real = await findRealPath(path);
  if (real === undefined) return;
  if (await mayRead(real) && (await mayWrite(real) || !await mayWrite(path))) return;
  throw new Error(
    `a link leads to "${real}", where this program may not read and write; start it with --allow-read=${path},${real} --allow-write=${path},${real} (these replace -P), or name a directory that is not behind a link`,
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

/** Says whether a path may be read without asking. */
export async function mayRead(path: string): Promise<boolean> {
  return (await Deno.permissions.query({ name: "read", path })).state === "granted";
}

async function mayWrite(path: string): Promise<boolean> {
  return (await Deno.permissions.query({ name: "write", path })).state === "granted";
}
