/** The file system of this machine by synchronous calls, which are all on one thread, so that strace can count them. @module */
import {
  DENO_FILE_SYSTEM,
  type FileSystem,
  type NewFile,
} from "../../src/checkpoint/file_system.ts";

let made = 0;

/** Makes the same system calls as the product's file system, one after another. */
export const SYNCHRONOUS_FILE_SYSTEM: FileSystem = {
  ...DENO_FILE_SYSTEM,
  newName: () => String(++made).padStart(16, "0"),
  createFile: (path, mode) =>
    Promise.try(() => {
      const file = Deno.openSync(path, {
        write: true,
        createNew: true,
        ...(mode !== undefined && { mode }),
      });
      return writeTo(file);
    }),
  openFile: (path) =>
    Promise.try(() => {
      const bytes = Deno.readFileSync(path);
      return {
        sizeBytes: bytes.length,
        read: (at, length) => Promise.resolve(bytes.slice(at, at + length)),
        [Symbol.dispose](): void {},
      };
    }),
  openEnd: (path) => Promise.try(() => writeTo(Deno.openSync(path, { append: true }))),
  rename: (from, to) => Promise.try(() => Deno.renameSync(from, to)),
  link: (from, to) => Promise.try(() => Deno.linkSync(from, to)),
  remove: (path) => Promise.try(() => Deno.removeSync(path)),
  syncDirectory: (path) =>
    Promise.try(() => {
      using directory = Deno.openSync(path, { read: true });
      directory.syncSync();
    }),
};

function writeTo(file: Deno.FsFile): NewFile {
  return {
    write: (bytes) => Promise.try(() => file.writeSync(bytes)),
    sync: () => Promise.try(() => file.syncSync()),
    [Symbol.dispose]: () => file.close(),
  };
}
