import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { compareKeys, REST_KEY, sortCells } from "../../src/evaluation/cell.ts";

function sortKeys(keys: readonly string[]): string[] {
  return sortCells(keys.map((key) => ({ key, examples: 1, right: 0 }))).map(({ key }) => key);
}

Deno.test("cells are sorted by the value of numbers, and the rest comes last", () => {
  const keys = ["10", REST_KEY, "2", "ż", "1+10", "a", "1+2", "1", ""];
  assertEquals(sortKeys(keys), ["", "1", "1+2", "1+10", "2", "10", "a", "ż", REST_KEY]);
  assertEquals(sortKeys(["99999999999999999999", "100000000000000000000", "01"]), [
    "01",
    "99999999999999999999",
    "100000000000000000000",
  ]);
});

Deno.test("compareKeys() is an order", () => {
  const key = fc.oneof(
    fc.string({ unit: fc.constantFrom("0", "1", "9", "+", "a"), maxLength: 6 }),
    fc.string({ unit: "binary", maxLength: 4 }),
  );
  fc.assert(fc.property(key, key, key, (a, b, c) => {
    assertEquals(Math.sign(compareKeys(a, b)), -Math.sign(compareKeys(b, a)) + 0);
    assertEquals(compareKeys(a, b) === 0, a === b);
    if (compareKeys(a, b) < 0 && compareKeys(b, c) < 0) assertEquals(compareKeys(a, c) < 0, true);
  }));
});
