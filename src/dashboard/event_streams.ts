/**
 * Server-sent events to many. Nothing is queued: every client has cursors, and is told what is new since them when it has
 * taken what it was told before. One that sleeps costs a few writes' memory and is told more at once when it wakes.
 *
 * @module
 */
import type { NewsEncoder } from "./news_encoder.ts";
import type { Cursor } from "./watched_run.ts";

/** Where the events of a client go: a response of Node's server. */
export interface EventSink {
  /** Gives false when no more should be written before `drain`. */
  write(bytes: Uint8Array): boolean;
  end(): unknown;
  destroy(): unknown;
  on(event: "drain" | "close", listener: () => void): unknown;
}

/** When, and to how many. */
export interface EventStreamLimits {
  /** Most clients. */
  readonly clients: number;
  /** Milliseconds between two looks for news. */
  readonly intervalMs: number;
  /** Milliseconds of silence after which a comment shows that the server is there. */
  readonly heartbeatMs: number;
}

/** What is usual. */
export const EVENT_STREAM_LIMITS: EventStreamLimits = {
  clients: 100,
  intervalMs: 125,
  heartbeatMs: 15_000,
};

/** Bytes written at a time: the most that waits for one client in this process. */
const WRITE_BYTES = 64 * 1024;

const HEARTBEAT = new TextEncoder().encode(": here\n\n");

interface Client {
  readonly sink: EventSink;
  /** Of every run. */
  readonly cursors: (Cursor | undefined)[];
  /** What of the news under way is not written yet; its bytes are shared with others. */
  unwritten: Uint8Array;
  /** Whether it must take what was written first. */
  blocked: boolean;
  /** The run to look at next, so that none starves another. */
  nextRun: number;
  /** When something was written. */
  writtenAt: number;
}

const NOTHING = new Uint8Array();

/** The clients, until it is disposed of. */
export class EventStreams implements Disposable {
  readonly #encoder: NewsEncoder;
  readonly #runs: number;
  readonly #limits: EventStreamLimits;
  readonly #reportError: (error: unknown) => void;
  readonly #clients = new Set<Client>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #isDisposed = false;

  /**
   * @param runs how many runs the encoder knows
   * @param reportError takes an error of the encoder or of a client; that client is disconnected, and may connect again
   */
  constructor(
    encoder: NewsEncoder,
    runs: number,
    { limits, reportError }: {
      readonly limits: EventStreamLimits;
      readonly reportError: (error: unknown) => void;
    },
  ) {
    this.#encoder = encoder;
    this.#runs = runs;
    this.#limits = limits;
    this.#reportError = reportError;
  }

  /** Whether as many are served as can be. */
  get isFull(): boolean {
    return this.#clients.size >= this.#limits.clients;
  }

  /** How many are served. */
  get size(): number {
    return this.#clients.size;
  }

  /** Serves one more until it goes. */
  add(sink: EventSink): void {
    if (this.#isDisposed) {
      sink.end();
      return;
    }
    const client: Client = {
      sink,
      cursors: Array.from({ length: this.#runs }, () => undefined),
      unwritten: NOTHING,
      blocked: false,
      nextRun: 0,
      writtenAt: performance.now(),
    };
    this.#clients.add(client);
    sink.on("drain", () => {
      client.blocked = false;
      this.#attempt(client, () => flush(client));
    });
    sink.on("close", () => this.#remove(client));
    this.#timer ??= setInterval(() => this.#tellAll(), this.#limits.intervalMs);
    this.#attempt(client, () => this.#tell(client));
  }

  /** Ends all streams; a client that has not taken what it was told is cut off. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    for (const client of [...this.#clients]) {
      if (client.blocked) client.sink.destroy();
      else client.sink.end();
      this.#remove(client);
    }
  }

  #remove(client: Client): void {
    this.#clients.delete(client);
    if (this.#clients.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tellAll(): void {
    for (const client of [...this.#clients]) {
      this.#attempt(client, () => {
        this.#tell(client);
        if (client.blocked) return;
        if (performance.now() - client.writtenAt >= this.#limits.heartbeatMs) {
          write(client, HEARTBEAT);
        }
      });
    }
  }

  /** Nobody could catch what a timer or an event throws: it would end the process, and a training in it. */
  #attempt(client: Client, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#remove(client);
      client.sink.destroy();
      this.#reportError(error);
    }
  }

  /** Tells the news of every run once, as far as the client takes them. */
  #tell(client: Client): void {
    for (let i = 0; i < this.#runs && !client.blocked; i++) {
      const run = client.nextRun;
      client.nextRun = (run + 1) % this.#runs;
      const news = this.#encoder(run, client.cursors[run]);
      if (news === undefined) continue;
      client.cursors[run] = news.cursor;
      client.unwritten = news.bytes;
      flush(client);
    }
  }
}

function flush(client: Client): void {
  while (!client.blocked && client.unwritten.length > 0) {
    const bytes = client.unwritten.subarray(0, WRITE_BYTES);
    client.unwritten = client.unwritten.subarray(bytes.length);
    write(client, bytes);
  }
}

function write(client: Client, bytes: Uint8Array): void {
  client.blocked = !client.sink.write(bytes);
  client.writtenAt = performance.now();
}
