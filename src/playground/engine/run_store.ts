/** Where the playground keeps its run: the interface of a store, and a store in memory. @module */
import type { DeviceRequest } from "./device_request.ts";
import type { KeptRun } from "../engine.ts";

/** What is known of a kept run before it is opened. */
export interface KeptHead extends KeptRun {
  /** Who keeps it. A page that is not the owner must not change it. */
  readonly owner: string;
  /** The name of the run. */
  readonly name: string;
  /** What was asked for to compute it. */
  readonly device: DeviceRequest;
}

/** A run as it is kept. */
export interface KeptContent {
  readonly head: KeptHead;
  /** The newest checkpoint, with moments. */
  readonly checkpoint: Uint8Array<ArrayBuffer>;
  /** The file of pairs that it learns from; null if it makes its examples, or the pairs are not there. */
  readonly pairs: Uint8Array<ArrayBuffer> | null;
  /** The events up to the checkpoint, one line of JSON each. */
  readonly log: string;
}

/** What is added to a kept run. */
export interface KeptPart extends Pick<KeptContent, "head" | "log"> {
  /** The owner that the store must have, else nothing is added. */
  readonly expects: string;
  /** The newest checkpoint; absent if it has not changed. */
  readonly checkpoint?: Uint8Array<ArrayBuffer>;
}

/** A store of one run. Every change is made as a whole or not at all. */
export interface RunStore {
  /** Gives the head of the run; undefined if there is none. */
  readHead(): Promise<KeptHead | undefined>;
  /** Gives the run; undefined if there is none. */
  read(): Promise<KeptContent | undefined>;
  /** Keeps a run in place of the one before. */
  replace(content: KeptContent): Promise<void>;
  /** Adds to the run. @returns false if it has another owner or is gone: then nothing was changed */
  add(part: KeptPart): Promise<boolean>;
  /** Forgets the run. @param owners if they are given, a run of another owner stays */
  clear(owners?: readonly string[]): Promise<void>;
}

/** Makes a store in memory. */
export function createMemoryStore(): RunStore {
  let kept: KeptContent | undefined;
  return {
    readHead: () => Promise.resolve(kept?.head),
    read: () => Promise.resolve(structuredClone(kept)),
    replace(content): Promise<void> {
      kept = structuredClone(content);
      return Promise.resolve();
    },
    add({ head, log, expects, checkpoint }): Promise<boolean> {
      if (kept?.head.owner !== expects) return Promise.resolve(false);
      kept = {
        ...kept,
        head,
        log: kept.log + log,
        ...(checkpoint && { checkpoint: checkpoint.slice() }),
      };
      return Promise.resolve(true);
    },
    clear(owners): Promise<void> {
      if (mayForget(owners, kept?.head)) kept = undefined;
      return Promise.resolve();
    },
  };
}

/** Says whether what a store holds may be forgotten: everything, if no owners are given. */
export function mayForget(
  owners: readonly string[] | undefined,
  head: Pick<KeptHead, "owner"> | undefined,
): boolean {
  return owners === undefined || (head !== undefined && owners.includes(head.owner));
}
