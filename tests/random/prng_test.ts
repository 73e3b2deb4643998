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

Deno.test("forkPrng() refuses a seed that is not a safe integer", () => {
  for (const seed of [0.5, NaN, 2 ** 53]) {
    assertThrows(() => forkPrng(seed, "x"), RangeError, "seed");
  }
});

Deno.test("nextInt() keeps its numbers from version to version, for every kind of bound", () => {
  const prng = forkPrng(11, "bounds");
  const bounds = [1, 2, 3, 10, 2 ** 31 + 1, 2 ** 32 - 1, 2 ** 32, 2 ** 40];
  const drawn = [...bounds, ...bounds].map((bound) => prng.nextInt(bound));
  assertEquals(drawn, [
    0,
    0,
    2,
    7,
    708021432,
    1129442940,
    3917475510,
    351603781323,
    0,
    1,
    0,
    5,
    1425927450,
    4211387365,
    406576831,
    1017946759134,
  ]);
});
