import { assertEquals } from "@std/assert";
import { Pace } from "../../../src/device/webgpu/pace.ts";

/** Gives pieces of work to a device that takes some milliseconds for each; gives the sizes of the works. */
function giveWork(pieceMs: number, times: number): number[] {
  let nowMs = 0;
  const pace = new Pace(() => nowMs, 1, 4096);
  return Array.from({ length: times }, () => {
    const { pieces } = pace;
    const end = pace.begin(pieces);
    nowMs += pieces * pieceMs;
    end();
    return pieces;
  });
}

Deno.test("a device is given eight times as much at most, until its work takes a tenth of a second", () => {
  assertEquals(giveWork(0.2, 5), [1, 8, 64, 500, 500]);
});

Deno.test("a device that takes longer than a tenth of a second for a piece is given one", () => {
  assertEquals(giveWork(400, 3), [1, 1, 1]);
});

Deno.test("a device whose work takes no time that can be measured is given the most", () => {
  assertEquals(giveWork(0, 6), [1, 8, 64, 512, 4096, 4096]);
});

Deno.test("the rest of an order, which is less than was asked for, does not slow the pace down", () => {
  let nowMs = 0;
  const pace = new Pace(() => nowMs, 100, 4096);
  const end = pace.begin(3);
  nowMs = 12; // mostly the wait for the read-back
  end();
  assertEquals(pace.pieces, 100);
});

Deno.test("more work waits while its time is not known, and while more than a quarter of a second is under way", () => {
  let nowMs = 0;
  const pace = new Pace(() => nowMs, 1, 4096);
  const first = pace.begin(1);
  assertEquals(pace.isBehind, true);
  nowMs = 90;
  first();
  assertEquals([pace.pieces, pace.isBehind], [1, false]);
  pace.begin(1);
  assertEquals(pace.isBehind, false); // two pieces take 180 ms
  pace.begin(1);
  assertEquals(pace.isBehind, true);
});

Deno.test("works that are found done at the same moment do not seem to take no time", () => {
  let nowMs = 0;
  const pace = new Pace(() => nowMs, 1, 4096);
  const first = pace.begin(1);
  nowMs = 120;
  first();
  for (let i = 0; i < 4; i++) {
    const works = [pace.begin(pace.pieces), pace.begin(pace.pieces)];
    nowMs += 240;
    for (const end of works) end();
    assertEquals(pace.pieces, 1);
  }
  pace.begin(2);
  assertEquals(pace.isBehind, true); // three pieces take 360 ms
});
