/** Checks what a store gives: another program, or a page of another version, may have written it. @module */
import { nullable, recordRule } from "../../arguments/record.ts";
import { checkUnknown } from "../../arguments/resolve_options.ts";
import { choice, instanceOf, integer, optional, type Rule, TEXT } from "../../arguments/rule.ts";
import { BACKENDS, THREADS } from "../../device/choose.ts";
import type { DeviceRequest } from "./device_request.ts";
import type { KeptContent, KeptHead } from "./run_store.ts";

const BYTES: Rule<Uint8Array<ArrayBuffer>> = instanceOf<Uint8Array<ArrayBuffer>>(Uint8Array);

/** Milliseconds from 1970 to the last moment that a `Date` can be. */
const LAST_DATE = 8.64e15;

const HEAD: Rule<KeptHead> = recordRule<KeptHead>({
  ...{ owner: TEXT, name: TEXT, title: TEXT },
  ...{ step: integer(0), steps: integer(1), savedAt: integer(0, LAST_DATE) },
  device: recordRule<DeviceRequest>({ backend: choice(BACKENDS), threads: optional(THREADS) }),
});

const CONTENT: Rule<KeptContent> = recordRule<KeptContent>({
  ...{ head: HEAD, checkpoint: BYTES, pairs: nullable(BYTES), log: TEXT },
});

/** Checks the head of a run. @throws {TypeError | RangeError} with the first fault */
export function checkHead(found: unknown): KeptHead {
  return checkUnknown("read it", "the head", found, HEAD);
}

/** Checks a run. What its checkpoint and its log contain is checked by those who read them. @throws {TypeError | RangeError} with the first fault */
export function checkKept(found: unknown): KeptContent {
  return checkUnknown("read it", "the content", found, CONTENT);
}

/** Gives the reason of an error of a store. A browser's own errors end in a full stop, ours do not. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
}
