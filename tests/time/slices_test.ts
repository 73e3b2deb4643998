import { assertEquals, assertRejects } from "@std/assert";
import { runAtOnce, runInTurns, type Sliced } from "../../src/time/slices.ts";

/** Counts to a number, and records how it ended. */
function* count(to: number, log: string[]): Sliced<string> {
  try {
    for (let i = 1; i <= to; i++) yield i;
    log.push("done");
    return `counted to ${to}`;
  } finally {
    log.push("freed");
  }
}

/** Makes a clock that advances by 60 ms at every reading, so that a turn follows every slice. */
function createSlowClock(): () => number {
  let now = 0;
  return () => now += 60;
}

Deno.test("runAtOnce() and runInTurns() give what the computation returns", async () => {
  assertEquals(runAtOnce(count(3, [])), "counted to 3");
  assertEquals(await runInTurns(count(3, []), 3), "counted to 3");
});

Deno.test("runInTurns() reports the progress of every slice, and the end", async () => {
  const seen: [number, number][] = [];
  await runInTurns(count(2, []), 3, { onProgress: (done, of) => seen.push([done, of]) });
  assertEquals(seen, [[1, 3], [2, 3], [3, 3]]);
});

Deno.test("runInTurns() lets timers run meanwhile", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await runInTurns(count(200, []), 200, { now: createSlowClock() });
  clearInterval(timer);
  assertEquals(turns > 10, true, `${turns} turns`);
});

Deno.test("runInTurns() throws the signal's reason and frees what the computation holds", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const log: string[] = [];
  setTimeout(() => controller.abort(reason), 0);
  const endless = runInTurns(count(Infinity, log), Infinity, {
    signal: controller.signal,
    now: createSlowClock(),
  });
  assertEquals(await assertRejects(() => endless), reason);
  assertEquals(log, ["freed"]);
});

Deno.test("runInTurns() does not begin after the signal has aborted", async () => {
  let began = false;
  function* work(): Sliced<void> {
    began = true;
    yield 1;
  }
  await assertRejects(() => runInTurns(work(), 1, { signal: AbortSignal.abort() }), DOMException);
  assertEquals(began, false);
});
