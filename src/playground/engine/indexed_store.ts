/// <reference lib="dom" />
/**
 * Keeps the run of the playground in the browser's IndexedDB, which also pages from disk have. Every change is one transaction, so
 * that a page that is closed in the middle leaves what was kept before.
 *
 * @module
 */
import {
  type KeptContent,
  type KeptHead,
  type KeptPart,
  mayForget,
  type RunStore,
} from "./run_store.ts";

const DATABASE = "carry-playground";
const VERSION = 1;
/** The tables: the parts of the run by their names, and the pieces of its log in order. */
const [RUN, LOG] = ["run", "log"] as const;

/** Makes the store. The database is opened when it is first used. */
export function createIndexedStore(): RunStore {
  let opening: Promise<IDBDatabase> | undefined;
  const forget = (): void => {
    opening = undefined;
  };
  const begin = async (mode: IDBTransactionMode): Promise<Change> => {
    opening ??= openDatabase(forget);
    opening.catch(forget); // the next use tries again
    return beginChange((await opening).transaction([RUN, LOG], mode));
  };
  return {
    readHead: async () => await readHead(await begin("readonly")),
    read: async () => await readContent(await begin("readonly")),
    replace: async (content) => await replaceContent(await begin("readwrite"), content),
    add: async (part) => await addPart(await begin("readwrite"), part),
    clear: async (owners) => await clearRun(await begin("readwrite"), owners),
  };
}

/** A transaction over both tables. */
interface Change {
  readonly run: IDBObjectStore;
  readonly log: IDBObjectStore;
  /** Makes several changes. If one cannot be made, none is. @throws what `make` throws */
  change(make: () => void): void;
  /** Resolves when everything is kept. @throws {DOMException} if nothing is */
  readonly done: Promise<void>;
}

function openDatabase(onClose: () => void): Promise<IDBDatabase> {
  if (typeof indexedDB === "undefined") {
    return Promise.reject(new Error("Cannot keep a run: this browser has no IndexedDB here"));
  }
  const { promise, resolve, reject } = Promise.withResolvers<IDBDatabase>();
  const opening = indexedDB.open(DATABASE, VERSION);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(RUN);
    opening.result.createObjectStore(LOG, { autoIncrement: true });
  };
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const database = opening.result;
    database.onclose = onClose;
    database.onversionchange = () => { // a page with a newer version must not wait for this one
      database.close();
      onClose();
    };
    resolve(database);
  };
  return promise;
}

function beginChange(transaction: IDBTransaction): Change {
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  transaction.oncomplete = () => resolve();
  transaction.onabort = () =>
    reject(transaction.error ?? new Error("the browser has closed its database"));
  done.catch(() => {}); // a reader may not wait for it
  return {
    ...{ run: transaction.objectStore(RUN), log: transaction.objectStore(LOG), done },
    change(make): void {
      try {
        make();
      } catch (error) { // a copy has no room: what was put before it would be kept
        transaction.abort();
        throw error;
      }
    },
  };
}

function get<T>(request: IDBRequest<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
  return promise;
}

async function readHead({ run }: Change): Promise<KeptHead | undefined> {
  return await get<KeptHead | undefined>(run.get("head"));
}

async function readContent({ run, log }: Change): Promise<KeptContent | undefined> {
  const [head, checkpoint, pairs, pieces] = await Promise.all([
    get<KeptHead | undefined>(run.get("head")),
    get<KeptContent["checkpoint"]>(run.get("checkpoint")),
    get<KeptContent["pairs"]>(run.get("pairs")),
    get<string[]>(log.getAll()),
  ]);
  return head === undefined ? undefined : { head, checkpoint, pairs, log: pieces.join("") };
}

async function replaceContent(
  { run, log, change, done }: Change,
  { head, checkpoint, pairs, log: piece }: KeptContent,
): Promise<void> {
  change(() => {
    run.put(head, "head");
    run.put(checkpoint, "checkpoint");
    run.put(pairs, "pairs");
    log.clear();
    log.add(piece);
  });
  await done;
}

async function addPart(
  { run, log, change, done }: Change,
  { head, checkpoint, log: piece, expects }: KeptPart,
): Promise<boolean> {
  const found = await get<KeptHead | undefined>(run.get("head"));
  if (found?.owner !== expects) return false;
  change(() => {
    run.put(head, "head");
    if (checkpoint !== undefined) run.put(checkpoint, "checkpoint");
    if (piece !== "") log.add(piece);
  });
  await done;
  return true;
}

async function clearRun(
  { run, log, done }: Change,
  owners: readonly string[] | undefined,
): Promise<void> {
  if (!mayForget(owners, await get<KeptHead | undefined>(run.get("head")))) return;
  run.clear();
  log.clear();
  await done;
}
