/**
 * A disk in memory that can lose power: data that was not synced may then be present, missing, or garbage.
 *
 * Source: SQLite's `src/test6.c`, which treats buffered writes in this way at a simulated crash.
 *
 * @module
 */
import type { FileSystem, NewFile } from "../../src/checkpoint/file_system.ts";
import type { Prng } from "../../src/random/prng.ts";

/** A disk. */
export interface SimulatedDisk extends FileSystem {
  /** Gives the names that exist now. */
  names(): string[];
  /** Gives a text that is equal for two disks only if they have the same names with the same contents. */
  state(): string;
  /** Gives the disk as it is after a loss of power. */
  losePower(prng: Prng): SimulatedDisk;
}

interface File {
  bytes: Uint8Array<ArrayBuffer>;
  /** Contents that are certain to survive. */
  synced: Uint8Array<ArrayBuffer>;
}

/** A change of names that is not synced yet. The changes of one call survive together or not at all. */
interface NameChange {
  readonly removed?: { readonly name: string; readonly file: File };
  readonly added?: { readonly name: string; readonly file: File };
}

const SECTOR_BYTES = 512;

/** Makes a disk with some synced files, on which some number of new names were given. */
export function createSimulatedDisk(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>> = new Map(),
  made = 0,
): SimulatedDisk {
  const names = new Map<string, File>();
  for (const [name, bytes] of files) names.set(name, { bytes, synced: bytes });
  let syncedNames = new Map(names);
  let unsynced: NameChange[] = [];
  const find = (name: string): File => {
    const file = names.get(name);
    if (file === undefined) throw new Deno.errors.NotFound(`No such file: ${name}`);
    return file;
  };
  const change = (made: NameChange): void => {
    applyChange(names, made);
    unsynced.push(made);
  };
  return {
    names: () => [...names.keys()].sort(),
    state(): string {
      let text = "";
      for (const [name, { bytes }] of names) text += `${name}=${numberOf(bytes)},`;
      return text;
    },
    losePower: (prng) => createSimulatedDisk(survive({ names, syncedNames, unsynced }, prng), made),
    newName: () => String(++made).padStart(16, "0"),
    createFile(name): Promise<NewFile> {
      if (names.has(name)) return Promise.reject(new Deno.errors.AlreadyExists(name));
      const file: File = { bytes: new Uint8Array(0), synced: new Uint8Array(0) };
      change({ added: { name, file } });
      return Promise.resolve(openFile(file));
    },
    openFile: (name) =>
      Promise.try(() => {
        const { bytes } = find(name);
        return {
          sizeBytes: bytes.length,
          read: (at, length) => Promise.resolve(bytes.slice(at, at + length)),
          [Symbol.dispose](): void {},
        };
      }),
    openEnd: (name) => Promise.try(() => openFile(find(name))),
    isThere: (name) => Promise.resolve(names.has(name)),
    rename: (from, to) =>
      Promise.try(() => {
        const file = find(from);
        change({ removed: { name: from, file }, added: { name: to, file } });
      }),
    link: (from, to) =>
      Promise.try(() => {
        if (names.has(to)) throw new Deno.errors.AlreadyExists(to);
        change({ added: { name: to, file: find(from) } });
      }),
    remove: (name) => Promise.try(() => change({ removed: { name, file: find(name) } })),
    syncDirectory(): Promise<void> {
      syncedNames = new Map(names);
      unsynced = [];
      return Promise.resolve();
    },
  };
}

/** Numbers of contents. Contents are replaced, never changed, so the same array is the same content. */
const numbers = new WeakMap<Uint8Array, number>();
let contents = 0;

function numberOf(bytes: Uint8Array): number {
  const number = numbers.get(bytes) ?? ++contents;
  numbers.set(bytes, number);
  return number;
}

function openFile(file: File): NewFile {
  return {
    write(bytes): Promise<number> {
      const longer = new Uint8Array(file.bytes.length + bytes.length);
      longer.set(file.bytes);
      longer.set(bytes, file.bytes.length);
      file.bytes = longer;
      return Promise.resolve(bytes.length);
    },
    sync(): Promise<void> {
      file.synced = file.bytes;
      return Promise.resolve();
    },
    [Symbol.dispose](): void {},
  };
}

function applyChange(names: Map<string, File>, { removed, added }: NameChange): void {
  if (removed !== undefined && names.get(removed.name) === removed.file) names.delete(removed.name);
  if (added !== undefined) names.set(added.name, added.file);
}

/** Chooses the changes of names that survive: either the first ones up to a random one, or random ones. */
function survive(
  state: { names: Map<string, File>; syncedNames: Map<string, File>; unsynced: NameChange[] },
  prng: Prng,
): Map<string, Uint8Array<ArrayBuffer>> {
  const names = new Map(state.syncedNames);
  const inOrder = prng.nextInt(2) === 0;
  const cut = prng.nextInt(state.unsynced.length + 1);
  state.unsynced.forEach((change, i) => {
    if (inOrder ? i < cut : prng.nextInt(2) === 0) applyChange(names, change);
  });
  const contents = new Map<File, Uint8Array<ArrayBuffer>>();
  for (const file of names.values()) {
    if (!contents.has(file)) contents.set(file, surviveContent(file, prng));
  }
  return new Map([...names].map(([name, file]) => [name, contents.get(file)!]));
}

function surviveContent({ bytes, synced }: File, prng: Prng): Uint8Array<ArrayBuffer> {
  if (bytes === synced) return bytes;
  const fate = prng.nextInt(3);
  if (fate < 2) return fate === 0 ? bytes : synced;
  const garbled = bytes.slice(0, prng.nextInt(bytes.length + 1));
  for (let start = synced.length; start < garbled.length; start += SECTOR_BYTES) {
    const sector = garbled.subarray(start, start + SECTOR_BYTES);
    const kind = prng.nextInt(3);
    if (kind === 1) sector.fill(0);
    if (kind === 2) { for (let i = 0; i < sector.length; i++) sector[i] = prng.nextInt(256); }
  }
  return garbled;
}
