/**
 * Server-sent events for many clients. Nothing is queued for a client. Each has a cursor for every run, and is sent what is new
 * since the cursor when it has read what was sent before. So a slow client costs the memory of one write, and receives more at once.
 *
 * @module
 */
import type { NewsEncoder } from "./news_encoder.ts";
import type { Cursor } from "./watched_run.ts";

/** Takes the events of a client: a response of the HTTP server. */
export interface EventSink {
  /** Writes bytes. False means that nothing should be written before the event `drain`. */
  write(bytes: Uint8Array): boolean;
  end(): unknown;
  destroy(): unknown;
  on(event: "drain" | "close", listener: () => void): unknown;
}

/** Limits of the streams. */
export interface EventStreamLimits {
  /** Most clients. */
  readonly clients: number;
  /** Milliseconds between two updates. */
  readonly intervalMs: number;
  /** Milliseconds without an event after which a comment is sent, to show that the server is there. */
  readonly heartbeatMs: number;
}

/** The default limits. */
export const EVENT_STREAM_LIMITS: EventStreamLimits = {
  clients: 100,
  intervalMs: 125,
  heartbeatMs: 15_000,
};

/** Bytes that are written at a time: no client has more in the memory of this process. */
const WRITE_BYTES = 64 * 1024;

const HEARTBEAT = new TextEncoder().encode(": here\n\n");

interface Client {
  readonly sink: EventSink;
  /** One for every run. */
  readonly cursors: (Cursor | undefined)[];
  /** The part of an update that is not written yet. Other clients share its bytes. */
  unwritten: Uint8Array;
  /** Whether it must read before more is written. */
  blocked: boolean;
  /** The run whose update is next, so that every run has its turn. */
  nextRun: number;
  /** Time of the last write. */
  writtenAt: number;
}

const NOTHING = new Uint8Array();

/** The streams of all clients. Disposing of it ends them. */
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
   * @param reportError is called with an error of the encoder or a client; the client is disconnected, and may connect again
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

  /** Whether no client can be added. */
  get isFull(): boolean {
    return this.#clients.size >= this.#limits.clients;
  }

  /** How many clients there are. */
  get size(): number {
    return this.#clients.size;
  }

  /** Adds a client, and sends it events until it disconnects. */
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

  /** Ends all streams. A client that has not read what was written is disconnected. */
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

  /** Sends what is new of every run, until the client must read first. */
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
