import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { forkPrng } from "../../src/random/prng.ts";

function draw(seed: number, name: string): number[] {
  const prng = forkPrng(seed, name);
  return Array.from({ length: 8 }, () => prng.nextInt(1_000_000));
}

Deno.test("forkPrng() gives the same numbers for the same seed and name", () => {
  assertEquals(draw(7, "order/1"), draw(7, "order/1"));
});

Deno.test("forkPrng() gives other numbers for another seed or another name", () => {
  assertNotEquals(draw(7, "order/1"), draw(8, "order/1"));
  assertNotEquals(draw(7, "order/1"), draw(7, "order/2"));
});

Deno.test("forkPrng() keeps its numbers from version to version", () => {
  assertEquals(draw(0, "split"), [156754, 79743, 69864, 405606, 708990, 770071, 740985, 383716]);
});

Deno.test("forkPrng() refuses a seed that is no safe integer", () => {
  for (const seed of [0.5, NaN, 2 ** 53]) {
    assertThrows(() => forkPrng(seed, "x"), RangeError, "seed");
  }
});
