/// <reference lib="dom" />
/** The stream of events, which is opened again whenever it ends. @module */
import type { RunUpdate } from "../protocol.ts";
import { createEventParser } from "./event_stream.ts";
import { RefusedError, type ServerClient } from "./server_client.ts";

/** State of the connection. `refused`: the server does not accept the token. */
export type ConnectionState = "connecting" | "open" | "lost" | "refused";

/** Receives the events. */
export interface NewsReader {
  /** A stream was opened: its first update replaces everything that was known. */
  onOpen(): void;
  onUpdate(update: RunUpdate): void;
  /** @param message the reason, if the state is `lost` or `refused` */
  onState(state: ConnectionState, message: string): void;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8000;

/** Gives the milliseconds to wait before the next attempt: twice as many after every failure. */
export function waitBeforeRetry(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
}

/** Receives events until the page is closed. */
export function followNews(client: ServerClient, reader: NewsReader): void {
  let wake: () => void = () => {};
  let failures = 0;
  globalThis.addEventListener("hashchange", () => wake());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") wake();
  });
  const run = async (): Promise<void> => {
    reader.onState("connecting", "");
    for (;;) {
      const problem = await readStream(client, reader, () => failures = 0);
      const refused = problem instanceof RefusedError && [401, 403].includes(problem.status);
      reader.onState(refused ? "refused" : "lost", problem.message);
      const wait = waitBeforeRetry(failures++);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, wait);
      });
    }
  };
  void run();
}

/** Reads one stream to its end. @returns the reason why it ended */
async function readStream(
  client: ServerClient,
  reader: NewsReader,
  onNews: () => void,
): Promise<Error> {
  const aborted = new AbortController();
  try {
    const body = await client.openEvents(aborted.signal);
    reader.onOpen();
    reader.onState("open", "");
    const parse = createEventParser();
    const text = new TextDecoder();
    const pieces = body.getReader();
    for (;;) {
      const { value, done } = await pieces.read();
      if (done) return new Error("The server closed the connection");
      onNews();
      for (const { event, data } of parse(text.decode(value, { stream: true }))) {
        if (event === "update") reader.onUpdate(JSON.parse(data));
      }
    }
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    aborted.abort();
  }
}
