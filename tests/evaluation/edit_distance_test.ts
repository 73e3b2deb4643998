import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { countEdits } from "../../src/evaluation/edit_distance.ts";

/** Source: jiwer 4.0.0, `process_characters(a, b)`: substitutions + deletions + insertions. */
const GOLDEN = [
  ["kitten", "sitting", 3],
  ["596", "596", 0],
  ["1000", "100", 1],
  ["abcdef", "bcdefa", 2],
  ["flaw", "lawn", 2],
  ["intention", "execution", 5],
  ["rosettacode", "raisethysword", 8],
] as const;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

Deno.test("countEdits() agrees with jiwer", () => {
  for (const [a, b, edits] of GOLDEN) assertEquals(countEdits(encode(a), encode(b)), edits);
});

Deno.test("countEdits() is the textbook's table, for all 256 indices and long texts", () => {
  const few = fc.uint8Array({ max: 3, maxLength: 80 });
  const all = fc.uint8Array({ maxLength: 40 });
  for (const texts of [fc.tuple(few, few), fc.tuple(all, all)]) {
    fc.assert(fc.property(texts, ([a, b]) => assertEquals(countEdits(a, b), fillTable(a, b))));
  }
});

/** The dynamic programme of Wagner & Fischer 1974, row by row. */
function fillTable(a: Uint8Array, b: Uint8Array): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, symbol] of a.entries()) {
    const next = [i + 1];
    for (const [j, other] of b.entries()) {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + Number(symbol !== other)));
    }
    row = next;
  }
  return row.at(-1)!;
}
