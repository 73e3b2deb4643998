/** News as server-sent events, encoded once for all who have been told the same. @module */
import type { RunUpdate } from "./protocol.ts";
import type { Cursor, WatchedRun } from "./watched_run.ts";

/** News in bytes, and the cursor to ask with next time. */
export interface EncodedNews {
  readonly bytes: Uint8Array;
  readonly cursor: Cursor;
}

/** Gives what is new of a run, by its number, since a cursor; undefined where nothing is. */
export type NewsEncoder = (run: number, cursor: Cursor | undefined) => EncodedNews | undefined;

/** Most different news kept of a run: those who keep up share one, those who just came another. */
const MOST_KEPT = 4;

/** Makes the encoder of some runs; it keeps what it encoded until the run changes. */
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

/** What was told at a version of a history is all of it, so the two name a cursor. */
function nameCursor(cursor: Cursor | undefined): string {
  return cursor === undefined ? "" : `${cursor.generation} ${cursor.version}`;
}

/** An event `update`: JSON has no ends of lines, so it is one line of data. */
function encodeUpdate(update: RunUpdate): Uint8Array {
  return new TextEncoder().encode(`event: update\ndata: ${JSON.stringify(update)}\n\n`);
}
