import { assert, assertEquals } from "@std/assert";
import { shuffledPositions } from "../../src/dataset/shuffle.ts";
import { forkPrng } from "../../src/random/prng.ts";
import { runAtOnce } from "../../src/time/slices.ts";

Deno.test("shuffledPositions() gives every position once, for counts of none, one and many", () => {
  for (const count of [0, 1, 2, 70_000]) {
    const order = runAtOnce(shuffledPositions(count, forkPrng(1, "test")));
    assertEquals([...order].sort((a, b) => a - b), Array.from({ length: count }, (_, i) => i));
  }
});

Deno.test("shuffledPositions() gives every order of three about equally often", () => {
  const prng = forkPrng(1, "test");
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = runAtOnce(shuffledPositions(3, prng)).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assertEquals(counts.size, 6);
  for (const count of counts.values()) assert(Math.abs(count - 1000) < 150, `${count} of 6000`);
});
