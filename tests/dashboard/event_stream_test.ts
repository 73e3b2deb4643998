import { getHeapStatistics } from "node:v8";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { EVENT_STREAM_LIMITS } from "../../src/dashboard/event_streams.ts";
import type { RunUpdate } from "../../src/dashboard/protocol.ts";
import { canUseNetwork } from "../permissions.ts";
import { exchange, writeHead } from "../serve/raw_http.ts";
import { AUTHORIZATION, serveFake, TOKEN } from "./serve_fake.ts";

/** A page that reads its events. */
async function openPage(port: number): Promise<ReadableStreamDefaultReader<RunUpdate>> {
  const response = await fetch(`http://127.0.0.1:${port}/api/events`, {
    headers: { Authorization: `Bearer ${TOKEN}` },
  });
  assertEquals(response.headers.get("content-type"), "text/event-stream");
  let parts: string[] = [];
  return response.body!.pipeThrough(new TextDecoderStream()).pipeThrough(
    new TransformStream<string, RunUpdate>({
      transform(text, controller): void {
        parts.push(text);
        if (!text.endsWith("\n\n")) return;
        for (const [, data] of parts.join("").matchAll(/^data: (.*)$/gm)) {
          controller.enqueue(JSON.parse(data!));
        }
        parts = [];
      },
    }),
  ).getReader();
}

/** A page that asks for events and never reads one. */
async function openSleeper(port: number): Promise<Deno.Conn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(
    new TextEncoder().encode(writeHead(port, "GET /api/events", AUTHORIZATION)),
  );
  return connection;
}

async function readUntil(
  page: ReadableStreamDefaultReader<RunUpdate>,
  step: number,
): Promise<number> {
  let points = 0;
  for (;;) {
    const { value } = await page.read();
    points += value!.steps!.step.length;
    if (value!.status.step === step) return points;
  }
}

/** What V8 holds for this file's tests, in bytes; others may run in the same process. */
function memoryOfOwn(): number {
  const { used_heap_size, external_memory } = getHeapStatistics() as unknown as Readonly<
    Record<"used_heap_size" | "external_memory", number>
  >;
  return used_heap_size + external_memory;
}

Deno.test({
  name:
    "pages that read are told all beside 96 that sleep; memory stays bounded, and the next is refused",
  ignore: !canUseNetwork,
  async fn(): Promise<void> {
    const streamLimits = { ...EVENT_STREAM_LIMITS, intervalMs: 5 };
    await using served = await serveFake({ streamLimits });
    const { server, run } = served;
    run.addSteps(100_000); // 9 MB of JSON: 860 MB for those who sleep, were it kept for each
    const before = memoryOfOwn();
    const sleepers = await Promise.all(
      Array.from({ length: 96 }, () => openSleeper(server.port)),
    );
    const pages = await Promise.all(Array.from({ length: 4 }, () => openPage(server.port)));
    assertEquals(server.clients, 100);
    const refused = await exchange(
      server.port,
      writeHead(server.port, "GET /api/events", AUTHORIZATION),
    );
    assertEquals([refused.status, refused.headers.get("retry-after")], [503, "5"]);
    run.addSteps(1);
    const points = await Promise.all(pages.map((page) => readUntil(page, 100_001)));
    assertEquals(points, pages.map(() => 100_001));
    const grown = memoryOfOwn() - before;
    for (const sleeper of sleepers) sleeper.close();
    await Promise.all(pages.map((page) => page.cancel()));
    assert(grown < 300 * 2 ** 20, `${grown} bytes more`);
  },
});

Deno.test({
  name: "a server that stops ends its streams, closes its port, and leaves nothing behind",
  ignore: !canUseNetwork,
  async fn(): Promise<void> {
    const { server, run } = await serveFake();
    const page = await openPage(server.port);
    const sleeper = await openSleeper(server.port);
    const idle = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    run.addSteps(1);
    assertEquals((await page.read()).value!.reset, true);
    await Promise.all([server[Symbol.asyncDispose](), server[Symbol.asyncDispose]()]);
    while (!(await page.read()).done);
    assertEquals(await idle.read(new Uint8Array(1)).catch(() => null), null);
    await assertRejects(() => Deno.connect({ hostname: "127.0.0.1", port: server.port }));
    idle.close();
    sleeper.close();
  },
});
