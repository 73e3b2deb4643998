/** Writes the file that a user names. @module */
import { lstatIfThere, statIfThere } from "../checkpoint/stat_if_there.ts";
import { describeKind } from "../checkpoint/file_system.ts";
import { type Chunks, parentOf, prepareFile, writeAll } from "../checkpoint/files.ts";
import { describeSystemError } from "../checkpoint/system_error.ts";
import type { OptionSpec } from "./options.ts";
import { UsageError } from "./usage_error.ts";

/** A place to write to, which was checked. */
export interface OutputFile {
  /** The path as the user named it. */
  readonly path: string;
  /** Whether it is a regular file. Anything else, such as a pipe, has a reader of its own. */
  readonly isFile: boolean;
  /**
   * Writes the content. A regular file is replaced when everything is written; until then the old file stays.
   *
   * @throws {Error} if it cannot be written, with the reason
   */
  write(chunks: Chunks): Promise<void>;
}

/** Allows to replace a file. All commands follow the same rule. */
export const OVERWRITE_OPTION: OptionSpec = {
  name: "overwrite",
  help: "replace the file if it exists",
};

/** Path of a descriptor that this process has open. */
const DESCRIPTOR = /^\/(?:dev\/(?:fd\/\d+|stdout|stderr)|proc\/(?:self|\d+)\/fd\/\d+)$/;
const STDOUT = /^\/(?:dev\/stdout|dev\/fd\/1|proc\/self\/fd\/1)$/;
const STDERR = /^\/(?:dev\/stderr|dev\/fd\/2|proc\/self\/fd\/2)$/;
/** Most links in a row; Linux has the same limit. */
const MAX_LINKS = 40;

/**
 * Checks the place that a user named, and writes nothing yet. Links are resolved. A regular file is replaced as a whole; it
 * keeps its mode and, if the system allows it, its owner. Anything else, such as a pipe, a device or an open descriptor, is
 * written to directly.
 *
 * @throws {UsageError} if a file exists and may not be replaced
 * @throws {Error} if it cannot be written, with the reason
 */
export async function openOutput(
  path: string,
  options: { readonly overwrite: boolean },
): Promise<OutputFile> {
  return await explain(path, async () => {
    const target = await followLinks(path);
    if (DESCRIPTOR.test(target)) return outputTo(path, () => openDescriptor(target));
    const found = await statIfThere(target);
    if (found?.isDirectory) throw new Error("it must be a file, but is a directory");
    if (found !== undefined && !found.isFile) {
      return outputTo(path, () => Deno.open(target, { write: true }));
    }
    if (found !== undefined && !options.overwrite) throw refuseOverwriting(path);
    await checkFolder(parentOf(target));
    return {
      path,
      isFile: true,
      write: (chunks) =>
        explain(
          path,
          () => found === undefined ? make(target, chunks) : replace(target, chunks, found),
        ),
    };
  });
}

/** Writes to a pipe or a device until everything is written or the reader has closed it. `generate | head` does not fail. */
export async function writeToReader(
  file: { write(bytes: Uint8Array): Promise<number> },
  chunks: Chunks,
): Promise<void> {
  try {
    for await (const chunk of chunks) await writeAll(file, chunk);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

async function make(path: string, chunks: Chunks): Promise<void> {
  await using prepared = await prepareFile(path, chunks);
  await prepared.claim();
}

async function replace(path: string, chunks: Chunks, old: Deno.FileInfo): Promise<void> {
  const mode = old.mode === null ? undefined : old.mode & 0o777;
  await using prepared = await prepareFile(path, chunks, { ...(mode !== undefined && { mode }) });
  const { temporary } = prepared;
  const made = await Deno.lstat(temporary);
  if (made.uid !== old.uid || made.gid !== old.gid) {
    await Deno.chown(temporary, old.uid, old.gid).catch(() => {}); // only root may change the owner
  }
  if (mode !== undefined && made.mode !== null && (made.mode & 0o777) !== mode) {
    await Deno.chmod(temporary, mode); // the umask has removed some permissions
  }
  await prepared.replace();
}

function outputTo(path: string, open: () => Promise<Deno.FsFile | typeof Deno.stdout>): OutputFile {
  return {
    path,
    isFile: false,
    write: (chunks) =>
      explain(path, async () => {
        const file = await open();
        try {
          await writeToReader(file, chunks);
        } finally {
          if (file instanceof Deno.FsFile) file.close();
        }
      }),
  };
}

/** Opens a descriptor without a change of its position. To open its file again would overwrite the file from its start. */
async function openDescriptor(path: string): Promise<Deno.FsFile | typeof Deno.stdout> {
  if (STDOUT.test(path)) return Deno.stdout;
  if (STDERR.test(path)) return Deno.stderr;
  return await Deno.open(path, { append: true });
}

/** Gives the path that a link leads to, even if that path does not exist. */
async function followLinks(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links <= MAX_LINKS; links++) {
    if (DESCRIPTOR.test(target)) return target;
    const found = await lstatIfThere(target);
    if (!found?.isSymlink) return target;
    const next = await Deno.readLink(target);
    target = /^(\/|[A-Za-z]:)/.test(next) ? next : `${parentOf(target)}/${next}`;
  }
  throw new Error(`it must lead through at most ${MAX_LINKS} links, but leads through more`);
}

async function checkFolder(folder: string): Promise<void> {
  const found = await statIfThere(folder);
  if (found === undefined) throw new Error(`the directory "${folder}" does not exist`);
  if (!found.isDirectory) {
    throw new Error(`"${folder}" must be a directory, but is ${describeKind(found)}`);
  }
}

function refuseOverwriting(path: string): UsageError {
  return new UsageError(
    `Cannot write "${path}": it already exists; add --overwrite to replace it`,
  );
}

/** Explains an error in a sentence. An error that is a sentence is thrown as it is. */
async function explain<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw refuseOverwriting(path); // another process was faster
    if (error instanceof Deno.errors.NotCapable || error instanceof UsageError) throw error;
    throw new Error(`Cannot write "${path}": ${describeSystemError(error)}`, { cause: error });
  }
}
