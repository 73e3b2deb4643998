import { assert, assertEquals } from "@std/assert";
import { type EventSink, EventStreams } from "../../src/dashboard/event_streams.ts";
import { createNewsEncoder } from "../../src/dashboard/news_encoder.ts";
import type { RunUpdate } from "../../src/dashboard/protocol.ts";
import { createFakeRun } from "./fake_run.ts";

/** A client that takes what a test lets it take. */
class FakeSink implements EventSink {
  readonly written: Uint8Array[] = [];
  ended = false;
  destroyed = false;
  /** Whether it takes no more. */
  full = false;
  readonly #listeners = { drain: [] as (() => void)[], close: [] as (() => void)[] };
  #wake = Promise.withResolvers<void>();

  write(bytes: Uint8Array): boolean {
    this.written.push(bytes);
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
    return !this.full;
  }
  end(): void {
    this.ended = true;
  }
  destroy(): void {
    this.destroyed = true;
  }
  on(event: "drain" | "close", listener: () => void): void {
    this.#listeners[event].push(listener);
  }
  emit(event: "drain" | "close"): void {
    for (const listener of this.#listeners[event]) listener();
  }
  /** Waits for the next write. */
  next(): Promise<void> {
    return this.#wake.promise;
  }
  get text(): string {
    return this.written.map((bytes) => new TextDecoder().decode(bytes)).join("");
  }
  get updates(): RunUpdate[] {
    return [...this.text.matchAll(/^event: update\ndata: (.*)\n\n/gm)].map(([, data]) =>
      JSON.parse(data!)
    );
  }
}

const LIMITS = { clients: 100, intervalMs: 1, heartbeatMs: 1e9 };
const OPTIONS = {
  limits: LIMITS,
  reportError: (error: unknown): void => {
    throw error;
  },
};

Deno.test("a stream begins with all of every run, and goes on with what is new", async () => {
  const runs = [createFakeRun(), createFakeRun()];
  runs[1]!.addSteps(2);
  using streams = new EventStreams(createNewsEncoder(runs), runs.length, OPTIONS);
  const sink = new FakeSink();
  streams.add(sink);
  runs[1]!.addSteps(3);
  await sink.next();
  const told = sink.updates.map(({ run, reset, steps }) => [run, reset, steps?.step]);
  assertEquals(told, [[0, true, []], [1, true, [1, 2]], [1, undefined, [3, 4, 5]]]);
});

Deno.test("news are encoded once for all clients that were told the same", async () => {
  const run = createFakeRun();
  using streams = new EventStreams(createNewsEncoder([run]), 1, OPTIONS);
  const sinks = Array.from({ length: 50 }, () => new FakeSink());
  for (const sink of sinks) streams.add(sink);
  const next = sinks.map((sink) => sink.next());
  run.addSteps(1);
  await Promise.all(next);
  assertEquals(run.asked, 2);
  for (const sink of sinks) {
    assert(sink.written.every((bytes, i) => bytes.buffer === sinks[0]!.written[i]!.buffer));
  }
});

Deno.test("a client that takes nothing is written 64 KiB, and all it missed when it wakes", async () => {
  const run = createFakeRun();
  run.addSteps(10_000);
  using streams = new EventStreams(createNewsEncoder([run]), 1, OPTIONS);
  const [sleeping, awake] = [new FakeSink(), new FakeSink()];
  sleeping.full = true;
  streams.add(sleeping);
  streams.add(awake);
  for (let i = 0; i < 20; i++) {
    const next = awake.next();
    run.addSteps(1);
    await next;
  }
  assertEquals(sleeping.written.map(({ length }) => length), [64 * 1024]);
  sleeping.full = false;
  sleeping.emit("drain");
  await sleeping.next();
  assertEquals(sleeping.updates.map(({ steps }) => steps!.step.length), [10_000, 20]);
  assertEquals(awake.updates.length, 21);
});

Deno.test("a stream without news says now and then that it is there", async () => {
  const run = createFakeRun();
  using streams = new EventStreams(createNewsEncoder([run]), 1, {
    ...OPTIONS,
    limits: { ...LIMITS, heartbeatMs: 3 },
  });
  const sink = new FakeSink();
  streams.add(sink);
  await sink.next();
  assertEquals(new TextDecoder().decode(sink.written.at(-1)), ": here\n\n");
});

Deno.test("streams are forgotten when their clients go, and ended when the server stops", () => {
  const run = createFakeRun();
  using streams = new EventStreams(createNewsEncoder([run]), 1, {
    ...OPTIONS,
    limits: { ...LIMITS, clients: 2 },
  });
  const [gone, sleeping, awake] = [new FakeSink(), new FakeSink(), new FakeSink()];
  sleeping.full = true;
  streams.add(gone);
  gone.emit("close");
  assertEquals([streams.size, streams.isFull], [0, false]); // the sanitizer sees a timer that is left
  streams.add(sleeping);
  streams.add(awake);
  assert(streams.isFull);
  streams[Symbol.dispose]();
  assertEquals([sleeping.destroyed, sleeping.ended], [true, false]);
  assertEquals([awake.destroyed, awake.ended], [false, true]);
});

Deno.test("an error while a stream is told news disconnects its client, and is reported", async () => {
  const run = createFakeRun();
  const encode = createNewsEncoder([run]);
  const reported = Promise.withResolvers<unknown>();
  let broken = false;
  using streams = new EventStreams(
    (number, cursor) => {
      if (broken) throw new Error("cannot encode");
      return encode(number, cursor);
    },
    1,
    { limits: LIMITS, reportError: reported.resolve },
  );
  const sink = new FakeSink();
  streams.add(sink);
  broken = true;
  assertEquals(String(await reported.promise), "Error: cannot encode");
  assertEquals([sink.destroyed, streams.size], [true, 0]);
});
