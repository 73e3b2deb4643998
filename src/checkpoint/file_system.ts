/** The few calls on files that saving and reading need, so that a test can put faults behind each of them. @module */

/** A new file that is open for writing. Disposing of it closes it. */
export interface NewFile extends Disposable {
  /** Writes some bytes from the beginning of these, and says how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** Waits until what was written is on the disk. */
  sync(): Promise<void>;
}

/** The calls. A file that is not there is a `Deno.errors.NotFound`. */
export interface FileSystem {
  /** Makes a file that must not be there yet: a link of that name is not followed. */
  createFile(path: string): Promise<NewFile>;
  /** Reads a whole file. */
  readFile(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Says whether there is something of that name. */
  isThere(path: string): Promise<boolean>;
  /** Gives a file another name, and takes that name from the file that has it. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file. */
  remove(path: string): Promise<void>;
  /** Waits until what happened to the names in a folder is on the disk. */
  syncDirectory(path: string): Promise<void>;
}

/** Largest file that is read: the largest model with its moments has less. */
const MAX_FILE_BYTES = 8 * 2 ** 30;

/** The file system of this machine. Needs permission to read and write what it is used on. */
export const DENO_FILE_SYSTEM: FileSystem = {
  createFile: (path) => Deno.open(path, { write: true, createNew: true }),
  readFile,
  isThere,
  rename: (from, to) => Deno.rename(from, to),
  remove: (path) => Deno.remove(path),
  syncDirectory,
};

/** Reads a file after a look at what it is: a pipe would wait, a device would never end. */
async function readFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const { isFile, size } = await Deno.stat(path);
  if (!isFile) throw new TypeError(`Cannot read "${path}": it must be a file`);
  if (size > MAX_FILE_BYTES) {
    throw new RangeError(
      `Cannot read "${path}": it must have at most ${MAX_FILE_BYTES} bytes, but has ${size}`,
    );
  }
  return await Deno.readFile(path);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Windows offers no such call. */
async function syncDirectory(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using directory = await Deno.open(path, { read: true });
  await directory.sync();
}
