/** A file system one of whose calls goes wrong. @module */
import type { FileSystem, NewFile } from "../../src/checkpoint/file_system.ts";

/** How a call goes wrong. `kill`: the process ends in it, and no call comes after. */
export type FaultKind = "kill" | "EIO" | "ENOSPC" | "short write";

/** Every kind. */
export const FAULT_KINDS: readonly FaultKind[] = ["kill", "EIO", "ENOSPC", "short write"];

/** Which call goes wrong and how. */
export interface Fault {
  readonly kind: FaultKind;
  /** Number of the call, from 0. */
  readonly at: number;
}

/** A file system and what happened in it. */
export interface FaultyFileSystem extends FileSystem {
  /** The calls that change something, by name, in order. */
  readonly calls: readonly string[];
  /** Ends a lack of room. */
  repair(): void;
}

/** What a killed process sees: nothing catches it but the check. */
export class Killed extends Error {}

/** Puts a fault, if there is one, in front of the calls that change something; reading stays as it is. */
export function createFaultyFileSystem(
  fileSystem: FileSystem,
  fault?: Fault,
): FaultyFileSystem {
  const calls: string[] = [];
  let dead = false;
  let full = false;
  /** Carries a call out, or a part of it, or fails. */
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
