/// <reference lib="dom" />
/** Keeps the run of the playground in the browser's IndexedDB, which also pages from disk have. @module */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { KeptContent, KeptHead, KeptPart, RunStore } from "./run_store.ts";

const DATABASE = "carry-playground";
const VERSION = 1;

/** The tables: the parts of the run by their names, and the pieces of its log in order. */
interface Tables extends DBSchema {
  readonly run: {
    readonly key: keyof Omit<KeptContent, "log">;
    readonly value: KeptContent[keyof Omit<KeptContent, "log">];
  };
  readonly log: { readonly key: number; readonly value: string };
}

/** Makes the store. The database is opened when it is first used. */
export function createIndexedStore(): RunStore {
  let opening: Promise<IDBPDatabase<Tables>> | undefined;
  const open = (): Promise<IDBPDatabase<Tables>> =>
    opening ??= openTables(() => opening = undefined).catch((error) => {
      opening = undefined;
      throw error;
    });
  return {
    async readHead(): Promise<KeptHead | undefined> {
      return asHead(await (await open()).get("run", "head"));
    },
    read: async () => await readContent(await open()),
    replace: async (content) => await replaceContent(await open(), content),
    add: async (part) => await addPart(await open(), part),
    async clear(): Promise<void> {
      const changing = (await open()).transaction(["run", "log"], "readwrite");
      await changing.objectStore("run").clear();
      await changing.objectStore("log").clear();
      await changing.done;
    },
  };
}

async function openTables(onClose: () => void): Promise<IDBPDatabase<Tables>> {
  if (typeof indexedDB === "undefined") {
    throw new Error("Cannot keep a run: this browser has no IndexedDB here");
  }
  return await openDB<Tables>(DATABASE, VERSION, {
    upgrade(database): void {
      database.createObjectStore("run");
      database.createObjectStore("log", { autoIncrement: true });
    },
    blocking: (_current, _blocked, event) => { // another page has a newer version: it must not wait for this one
      (event.target as IDBDatabase).close();
      onClose();
    },
    terminated: onClose,
  });
}

async function readContent(database: IDBPDatabase<Tables>): Promise<KeptContent | undefined> {
  const reading = database.transaction(["run", "log"]);
  const run = reading.objectStore("run");
  const [head, checkpoint, pairs, log] = await Promise.all([
    run.get("head"),
    run.get("checkpoint"),
    run.get("pairs"),
    reading.objectStore("log").getAll(),
  ]);
  const found = asHead(head);
  if (found === undefined) return undefined;
  return {
    head: found,
    checkpoint: asBytes(checkpoint)!,
    pairs: asBytes(pairs),
    log: log.join(""),
  };
}

async function replaceContent(
  database: IDBPDatabase<Tables>,
  { head, checkpoint, pairs, log }: KeptContent,
): Promise<void> {
  const changing = database.transaction(["run", "log"], "readwrite");
  const [run, lines] = [changing.objectStore("run"), changing.objectStore("log")];
  await Promise.all([
    lines.clear(),
    lines.add(log),
    run.put(head, "head"),
    run.put(checkpoint, "checkpoint"),
    run.put(pairs, "pairs"),
    changing.done,
  ]);
}

async function addPart(
  database: IDBPDatabase<Tables>,
  { head, checkpoint, log, expects }: KeptPart,
): Promise<boolean> {
  const changing = database.transaction(["run", "log"], "readwrite");
  const run = changing.objectStore("run");
  if (asHead(await run.get("head"))?.owner !== expects) return false;
  await Promise.all([
    run.put(head, "head"),
    ...(checkpoint === undefined ? [] : [run.put(checkpoint, "checkpoint")]),
    ...(log === "" ? [] : [changing.objectStore("log").add(log)]),
    changing.done,
  ]);
  return true;
}

/** Reads a part of the table as the head. */
function asHead(value: Tables["run"]["value"] | undefined): KeptHead | undefined {
  return value === undefined || value === null || value instanceof Uint8Array ? undefined : value;
}

function asBytes(value: Tables["run"]["value"] | undefined): Uint8Array<ArrayBuffer> | null {
  return value instanceof Uint8Array ? value : null;
}
