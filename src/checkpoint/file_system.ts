/** The calls on files that saving and reading need. A test can make each of them fail. @module */

import { isObject, type Rule } from "../arguments/rule.ts";

/** A new file that is open for writing. Disposing of it closes it. */
export interface NewFile extends Disposable {
  /** Writes some of the bytes, from the first one on, and gives their number. */
  write(bytes: Uint8Array): Promise<number>;
  /** Waits until what was written is on the disk. */
  sync(): Promise<void>;
}

/** A file that is open for reading. Disposing of it closes it. */
export interface ReadableFile extends Disposable {
  /** Its size when it was opened. */
  readonly sizeBytes: number;
  /**
   * Reads a part of the file from a position on.
   *
   * @throws {Error} if the file ends before the part does
   */
  read(at: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Calls on files. If a file does not exist, they throw `Deno.errors.NotFound`. */
export interface FileSystem {
  /** Gives 16 hexadecimal digits for the name of a temporary file, other ones for each call. */
  newName(): string;
  /**
   * Makes a file, which must not exist yet. A link of that name is not followed.
   *
   * @param mode permissions, reduced by the umask. Default: 0o666
   */
  createFile(path: string, mode?: number): Promise<NewFile>;
  /**
   * Opens a file for reading.
   *
   * @throws {TypeError} if it is not a file
   */
  openFile(path: string): Promise<ReadableFile>;
  /**
   * Opens a file to write at its end. Undefined if it is a link or has a second name: then another file would change too.
   */
  openEnd(path: string): Promise<NewFile | undefined>;
  /** Says whether something has that name. */
  isThere(path: string): Promise<boolean>;
  /** Gives a file another name. A file that has that name is replaced. */
  rename(from: string, to: string): Promise<void>;
  /** Gives a file a second name. If something has that name, it throws `Deno.errors.AlreadyExists`. */
  link(from: string, to: string): Promise<void>;
  /** Removes a file. */
  remove(path: string): Promise<void>;
  /** Waits until the changes of names in a folder are on the disk. */
  syncDirectory(path: string): Promise<void>;
}

/** The file system of this machine. It needs permission to read and write the paths that it gets. */
export const DENO_FILE_SYSTEM: FileSystem = {
  newName: () => crypto.randomUUID().replaceAll("-", "").slice(-16),
  createFile: (path, mode) =>
    Deno.open(path, { write: true, createNew: true, ...(mode !== undefined && { mode }) }),
  openFile,
  openEnd,
  isThere,
  rename: (from, to) => Deno.rename(from, to),
  link: (from, to) => Deno.link(from, to),
  remove: (path) => Deno.remove(path),
  syncDirectory,
};

/**
 * Checks that files can be read and written here.
 *
 * @param action what is to be done: `read a run`
 * @throws {Error} if not, with what else there is
 */
export function checkHasFiles(action: string): void {
  if (globalThis.Deno !== undefined) return;
  throw new Error(
    `Cannot ${action}: Carry reads and writes files in Deno alone; elsewhere encodeCheckpoint() gives the bytes of a checkpoint, and loadModel() takes them`,
  );
}

/** Rule for an argument that is a file system. */
export const FILE_SYSTEM: Rule<FileSystem> = {
  must: "an object with the calls of a FileSystem",
  findFault: (value) =>
    isObject(value) &&
      Object.keys(DENO_FILE_SYSTEM).every((name) => typeof value[name] === "function")
      ? undefined
      : "type",
};

/** A file that is open for reading, and its information from just before it was opened. */
export interface OpenedFile extends Disposable {
  /** The file. Disposing of this closes it. */
  readonly file: Deno.FsFile;
  /** Its size, times and inode. */
  readonly info: Deno.FileInfo;
}

/**
 * Opens a file for reading. It checks first that the path is a file: opening a pipe would wait for a writer, and reading a
 * device might never end.
 *
 * @throws {NotAFileError} if it is not a file
 */
export async function openToRead(path: string): Promise<OpenedFile> {
  const info = await Deno.stat(path);
  checkIsFile(path, info);
  const file = await Deno.open(path, { read: true });
  return { file, info, [Symbol.dispose]: () => file[Symbol.dispose]() }; // no error if a stream has closed it
}

/** A path that exists but is not a file. */
export class NotAFileError extends TypeError {}

/** Says in words what kind of thing a path is. */
export function describeKind(info: Deno.FileInfo): string {
  if (info.isFile) return "a file";
  if (info.isDirectory) return "a directory";
  if (info.isSymlink) return "a link";
  if (info.isFifo) return "a named pipe";
  return info.isSocket ? "a socket" : "a device";
}

async function openFile(path: string): Promise<ReadableFile> {
  const { file, info } = await openToRead(path);
  return {
    sizeBytes: info.size,
    async read(at, length): Promise<Uint8Array<ArrayBuffer>> {
      const bytes = new Uint8Array(length);
      await file.seek(at, Deno.SeekMode.Start);
      for (let done = 0; done < length;) {
        const count = await file.read(bytes.subarray(done));
        if (count === null) {
          throw new Error(
            `Cannot read "${path}": it must have ${at + length} bytes, but has fewer`,
          );
        }
        done += count;
      }
      return bytes;
    },
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

async function openEnd(path: string): Promise<NewFile | undefined> {
  const { isFile, nlink } = await Deno.lstat(path);
  if (!isFile || (nlink ?? 1) > 1) return undefined;
  return await Deno.open(path, { append: true });
}

function checkIsFile(path: string, info: Deno.FileInfo): void {
  if (info.isFile) return;
  throw new NotAFileError(
    `Cannot read "${path}": it must be a file, but is ${describeKind(info)}`,
  );
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    const { NotFound, NotADirectory, FilesystemLoop } = Deno.errors;
    const nothing = [NotFound, NotADirectory, FilesystemLoop];
    if (nothing.some((Absent) => error instanceof Absent)) return false;
    throw error;
  }
}

/** Syncs a directory. Windows has no such call. */
async function syncDirectory(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using directory = await Deno.open(path, { read: true });
  await directory.sync();
}
