import { assertEquals, assertRejects } from "@std/assert";
import { Refusal } from "../../src/serve/refusal.ts";
import { createWorkQueue } from "../../src/serve/work_queue.ts";

Deno.test("a work queue does one task after another, and continues after one that fails", async () => {
  const enqueue = createWorkQueue(3);
  const gate = Promise.withResolvers<void>();
  const log: string[] = [];
  const first = enqueue(async () => {
    log.push("first begins");
    await gate.promise;
    log.push("first ends");
    throw new Error("first fails");
  });
  const second = enqueue(() => Promise.resolve(log.push("second")));
  gate.resolve();
  await assertRejects(() => first, Error, "first fails");
  await second;
  assertEquals(log, ["first begins", "first ends", "second"]);
});

Deno.test("a work queue refuses a task above its limit, and accepts one when another is done", async () => {
  const enqueue = createWorkQueue(2);
  const gate = Promise.withResolvers<void>();
  const waiting = [enqueue(() => gate.promise), enqueue(() => gate.promise)];
  const refusal = await assertRejects(() => enqueue(() => Promise.resolve()), Refusal);
  assertEquals([refusal.status, refusal.headers["Retry-After"]], [503, "1"]);
  gate.resolve();
  await Promise.all(waiting);
  assertEquals(await enqueue(() => Promise.resolve("done")), "done");
});
