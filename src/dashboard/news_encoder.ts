/** Encodes updates as server-sent events, once for all clients with the same cursor. @module */
import type { RunUpdate } from "./protocol.ts";
import type { Cursor, WatchedRun } from "./watched_run.ts";

/** An encoded update, and the cursor after it. */
export interface EncodedNews {
  readonly bytes: Uint8Array;
  readonly cursor: Cursor;
}

/** Gives what is new of a run since a cursor; undefined if nothing is. The run is given by its number. */
export type NewsEncoder = (run: number, cursor: Cursor | undefined) => EncodedNews | undefined;

/** Most updates that are kept for a run: clients that keep up share one, and new clients another. */
const MOST_KEPT = 4;

/** Makes the encoder of some runs. It keeps what it encoded until the run changes. */
export function createNewsEncoder(runs: readonly WatchedRun[]): NewsEncoder {
  const kept = runs.map(() => ({ version: NaN, news: new Map<string, EncodedNews | undefined>() }));
  return (run, cursor) => {
    const { news } = runs[run]!;
    const cache = kept[run]!;
    if (cache.version !== news.version) {
      cache.version = news.version;
      cache.news.clear();
    }
    const key = nameCursor(cursor);
    if (cache.news.has(key)) return cache.news.get(key);
    const since = news.since(cursor);
    const encoded = since &&
      { bytes: encodeUpdate({ ...since.update, run }), cursor: since.cursor };
    if (cache.news.size < MOST_KEPT) cache.news.set(key, encoded);
    return encoded;
  };
}

/** Names a cursor: at one version of one history, every client has been sent the same. */
function nameCursor(cursor: Cursor | undefined): string {
  return cursor === undefined ? "" : `${cursor.generation} ${cursor.version}`;
}

/** Encodes an event `update`. JSON text has no line ends, so the data is one line. */
function encodeUpdate(update: RunUpdate): Uint8Array {
  return new TextEncoder().encode(`event: update\ndata: ${JSON.stringify(update)}\n\n`);
}
