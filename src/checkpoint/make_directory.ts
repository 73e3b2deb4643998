/** Makes directories that survive a power loss, and checks the permissions behind links. @module */
import { describeKind, type FileSystem } from "./file_system.ts";
import { parentOf } from "./files.ts";

/**
 * Makes a directory and the missing ones above it, and syncs their names to the disk. The permissions of the commands end
 * at the root of the runs, so a directory above it is synced only if it may be read.
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

/** Refuses a link that leads out of the permitted directories: there, some calls succeed and others fail. */
export async function refuseForbiddenLink(path: string): Promise<void> {
  const real = await findRealPath(path);
  if (real === undefined) return;
  if (await mayRead(real) && (await mayWrite(real) || !await mayWrite(path))) return;
  throw new Error(
    `a link leads to "${real}", which this program may not read and write; start it with --allow-read=${path},${real} --allow-write=${path},${real} instead of -P, or name a directory that is not behind a link`,
  );
}

/** Resolves the links in a path that may not exist yet; undefined if that is not permitted. */
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

/** Says whether a path may be read without a question to the user. */
export async function mayRead(path: string): Promise<boolean> {
  return (await Deno.permissions.query({ name: "read", path })).state === "granted";
}

async function mayWrite(path: string): Promise<boolean> {
  return (await Deno.permissions.query({ name: "write", path })).state === "granted";
}
