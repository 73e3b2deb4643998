/** Sends what is new in the history of a run, a few times a second. @module */
import type { RunUpdate } from "../../dashboard/protocol.ts";
import type { Cursor, RunNews } from "../../dashboard/watched_run.ts";

/** Milliseconds between two updates. */
const INTERVAL_MS = 100;

/** Sends updates until it is disposed of. */
export interface UpdateSender extends Disposable {
  /** Notes that something is new: it is sent soon. */
  changed(): void;
  /** Sends what is new now. */
  send(): void;
}

/** Makes the sender of a history. Its first update is the whole history. */
export function createUpdateSender(
  news: RunNews,
  listener: (update: RunUpdate) => void,
): UpdateSender {
  let cursor: Cursor | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const send = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const found = news.since(cursor);
    if (found === undefined) return;
    cursor = found.cursor;
    listener(found.update);
  };
  return {
    send,
    changed: () => timer ??= setTimeout(send, INTERVAL_MS),
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
