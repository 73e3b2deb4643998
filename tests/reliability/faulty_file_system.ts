/** A file system in which one call fails. @module */
import type { FileSystem, NewFile } from "../../src/checkpoint/file_system.ts";

/** How a call fails. `kill`: the process ends during the call, and no call follows. */
export type FaultKind = "kill" | "EIO" | "ENOSPC" | "short write";

/** Every kind of fault. */
export const FAULT_KINDS: readonly FaultKind[] = ["kill", "EIO", "ENOSPC", "short write"];

/** The call that fails, and how. */
export interface Fault {
  readonly kind: FaultKind;
  /** Number of the call, from 0. */
  readonly at: number;
}

/** A file system that records its calls. */
export interface FaultyFileSystem extends FileSystem {
  /** The calls that change something, by name, in order. */
  readonly calls: readonly string[];
  /** Makes room on a full disk. */
  repair(): void;
}

/** Stands for the end of a killed process; only the check catches it. */
export class Killed extends Error {}

/** Adds a fault, if there is one, to the calls that change something; reading is not affected. */
export function createFaultyFileSystem(
  fileSystem: FileSystem,
  fault?: Fault,
): FaultyFileSystem {
  const calls: string[] = [];
  let dead = false;
  let full = false;
  /** Makes a call, or a part of it, or fails. */
  async function call<T>(
    name: string,
    work: () => Promise<T>,
    part?: () => Promise<T>,
  ): Promise<T> {
    if (dead) throw new Killed(name);
    const needsRoom = name === "createFile" || name === "write";
    const kind = fault?.at === calls.length ? fault.kind : undefined;
    calls.push(name);
    if (kind === "short write" && part !== undefined) return await part();
    if (kind === "kill") {
      dead = true;
      await part?.();
      throw new Killed(name);
    }
    if (kind === "ENOSPC" && needsRoom) full = true;
    if (kind === "EIO" || kind === "ENOSPC" || (full && needsRoom)) {
      await part?.();
      throw new Error(kind === "EIO" ? "Input/output error" : "No space left on device");
    }
    return await work();
  }
  const guard = (file: NewFile): NewFile => ({
    write: (bytes) =>
      call(
        "write",
        () => file.write(bytes),
        () => file.write(bytes.subarray(0, Math.ceil(bytes.length / 2))),
      ),
    sync: () => call("sync", () => file.sync()),
    [Symbol.dispose]: () => file[Symbol.dispose](),
  });
  return {
    calls,
    repair: () => full = false,
    newName: fileSystem.newName,
    openFile: fileSystem.openFile,
    isThere: fileSystem.isThere,
    createFile: (path, mode) =>
      call("createFile", async () => guard(await fileSystem.createFile(path, mode))),
    openEnd: (path) =>
      call("openEnd", async () => {
        const file = await fileSystem.openEnd(path);
        return file && guard(file);
      }),
    rename: (from, to) => call("rename", () => fileSystem.rename(from, to)),
    link: (from, to) => call("link", () => fileSystem.link(from, to)),
    remove: (path) => call("remove", () => fileSystem.remove(path)),
    syncDirectory: (path) => call("syncDirectory", () => fileSystem.syncDirectory(path)),
  };
}
