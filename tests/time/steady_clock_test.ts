import { assertEquals } from "@std/assert";
import { createPause } from "../../src/time/pause.ts";
import { createSteadyClock } from "../../src/time/steady_clock.ts";

/** Makes a clock that gives the listed times, one for each reading. */
function createScript(times: number[]): () => number {
  return () => times.shift()!;
}

Deno.test("createSteadyClock() counts from 0, and stands still when its clock is set back", () => {
  const clock = createSteadyClock(createScript([100, 110, 50, 55, 1055]));
  assertEquals([clock(), clock(), clock(), clock()], [10, 10, 15, 1015]);
});

Deno.test("a pause gives the event loop its turns after the clock was set back", async () => {
  let now = 1_000_000;
  const pause = createPause(() => now);
  now = 0; // the clock is set back
  await pause();
  now = 110;
  let turned = false;
  setTimeout(() => turned = true, 0);
  await pause();
  assertEquals(turned, true);
});
