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

/** The files of a folder that an export has written: another one is not removed. */
const EXPORTED = /^model\.json$|\.bin$/;

/**
 * Checks the place of a folder, and writes nothing yet.
 *
 * @throws {UsageError} if there is a folder with files, and it may not be replaced
 * @throws {Error} if it cannot be written, with the reason
 */
export async function openOutputFolder(
  path: string,
  options: { readonly overwrite: boolean },
): Promise<OutputFolder> {
  const folder = path.replace(/(?<=.)\/+$/, "");
  return await explain(path, async () => {
    const parent = await statIfThere(parentOf(folder));
    if (!parent?.isDirectory) {
      throw new Error(`the directory "${parentOf(folder)}" does not exist`);
    }
    await checkReplaceable(folder, options);
    return { write: (files) => explain(path, () => writeFolder(folder, files)) };
  });
}

async function checkReplaceable(
  folder: string,
  { overwrite }: { readonly overwrite: boolean },
): Promise<void> {
  const found = await statIfThere(folder);
  if (found === undefined) return;
  if (!found.isDirectory) throw new Error(`it must be a folder, but is ${describeKind(found)}`);
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  if (names.length > 0 && !overwrite) {
    throw new UsageError(
      `Cannot write "${folder}": it already holds files; add --overwrite to replace it`,
    );
  }
  const other = names.find((name) => !EXPORTED.test(name));
  if (other === undefined) return;
  throw new UsageError(
    `Cannot write "${folder}": it must hold nothing but an export to be replaced, but holds "${other}"`,
  );
}

/** Writes a new folder beside the old one, and lets it take its place. After a crash one of the two has the name. */
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
    if (isThere) await Deno.remove(old, { recursive: true });
  } catch (error) {
    await Deno.remove(made, { recursive: true }).catch(() => {}); // the first error is the one to report
    throw error;
  }
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
