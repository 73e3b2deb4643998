/** Writes the folder that a user names. @module */
import { describeKind } from "../checkpoint/file_system.ts";
import { newTemporaryPath, parentOf, replaceFile } from "../checkpoint/files.ts";
import { statIfThere } from "../checkpoint/stat_if_there.ts";
import { describeSystemError } from "../checkpoint/system_error.ts";
import { UsageError } from "./usage_error.ts";

/** A folder to write, whose place was checked. */
export interface OutputFolder {
  /**
   * Writes all its files. A folder that is there is replaced when everything is written.
   *
   * @throws {Error} if it cannot be written, with the reason
   */
  write(files: ReadonlyMap<string, Uint8Array>): Promise<void>;
}

/** The files of a folder that an export has written. No others are removed. */
const EXPORTED = /^(?:model\.json|group1-shard\d+of\d+\.bin)$/;
/** Names that are no name of a folder that could be replaced. */
const NO_NAME = /(?:^|\/)\.{0,2}$/;

/**
 * Checks the place of a folder, and writes nothing yet. A link to a folder is followed.
 *
 * @throws {UsageError} if there is a folder with files, and it may not be replaced
 * @throws {Error} if it cannot be written, with the reason
 */
export async function openOutputFolder(
  path: string,
  options: { readonly overwrite: boolean },
): Promise<OutputFolder> {
  const named = path.replace(/(?<=.)\/+$/, "");
  if (NO_NAME.test(named)) {
    throw new UsageError(`Cannot write "${path}": the folder must be named, as in ${path}/model`);
  }
  return await explain(path, async () => {
    const parent = await statIfThere(parentOf(named));
    if (!parent?.isDirectory) {
      throw new Error(`the directory "${parentOf(named)}" does not exist`);
    }
    const isThere = await statIfThere(named) !== undefined;
    const folder = isThere ? await Deno.realPath(named) : named;
    if (isThere) await checkReplaceable(folder, options);
    return { write: (files) => explain(path, () => writeFolder(folder, files)) };
  });
}

async function checkReplaceable(
  folder: string,
  { overwrite }: { readonly overwrite: boolean },
): Promise<void> {
  const found = await Deno.stat(folder);
  if (!found.isDirectory) throw new Error(`it must be a folder, but is ${describeKind(found)}`);
  const entries = await Array.fromAsync(Deno.readDir(folder));
  if (entries.length > 0 && !overwrite) {
    throw new UsageError(
      `Cannot write "${folder}": it already holds files; add --overwrite to replace it`,
    );
  }
  const other = entries.find(({ name, isFile }) => !isFile || !EXPORTED.test(name))?.name;
  if (other === undefined) return;
  throw new UsageError(
    `Cannot write "${folder}": it must hold nothing but an export to be replaced, but holds "${other}"`,
  );
}

/**
 * Writes a new folder beside the old one, and lets it take its place. A crash between the two renames leaves both beside the name, with
 * names that end in `.tmp`; after one at any other time the name is that of the old or the new folder.
 */
async function writeFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const [made, old] = [newTemporaryPath(folder), newTemporaryPath(folder)];
  await Deno.mkdir(made);
  try {
    for (const [name, bytes] of files) await replaceFile(`${made}/${name}`, [bytes]);
    const isThere = await statIfThere(folder) !== undefined;
    if (isThere) await Deno.rename(folder, old);
    try {
      await Deno.rename(made, folder);
    } catch (error) {
      if (isThere) await Deno.rename(old, folder);
      throw error;
    }
    if (isThere) await removeExport(old);
  } catch (error) {
    await removeExport(made).catch(() => {}); // the first error is the one to report
    throw error;
  }
}

/** Removes a folder with an export. If something else has come into it meanwhile, that stays, and the error names it. */
async function removeExport(folder: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && EXPORTED.test(name)) await Deno.remove(`${folder}/${name}`);
  }
  await Deno.remove(folder);
}

/** Explains an error in a sentence. An error that is a sentence is thrown as it is. */
async function explain<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable || error instanceof UsageError) throw error;
    throw new Error(`Cannot write "${path}": ${describeSystemError(error)}`, { cause: error });
  }
}
