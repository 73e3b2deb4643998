import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { characterLayout } from "../../src/codec/layout.ts";
import { createDataset } from "../../src/dataset/dataset.ts";
import { measureRows, sortBatches } from "../../src/dataset/sort_batches.ts";
import { runAtOnce } from "../../src/time/slices.ts";

function sort(order: readonly number[], batchSize: number, measures: readonly number[]): number[] {
  const sorted = Uint32Array.from(order);
  runAtOnce(sortBatches(sorted, { batchSize, measures: Uint32Array.from(measures) }));
  return [...sorted];
}

Deno.test("measureRows() compares sources first, then targets, without padding, reversed or not", () => {
  for (const reverse of [false, true]) {
    const layout = characterLayout(" abc", { inputLength: 4, outputLength: 3, reverse });
    const pairs = ["a b", "a bcc", "abc ", "abcc ccc"].map((text) => text.split(" "));
    const dataset = createDataset(
      pairs.map(([question, answer]) => ({ question: question!, answer: answer! })),
      layout,
    );
    assertEquals([...runAtOnce(measureRows(dataset))], [1 * 4 + 1, 1 * 4 + 3, 3 * 4, 4 * 4 + 3]);
  }
});

Deno.test("measureRows() counts all positions where nothing pads", () => {
  const layout = characterLayout("ab", { inputLength: 2, outputLength: 1 });
  const dataset = createDataset([{ question: "ab", answer: "b" }], layout);
  assertEquals([...runAtOnce(measureRows(dataset))], [2 * 2 + 1]);
});

Deno.test("sortBatches() sorts every batch, the largest first, and leaves equal ones as they were", () => {
  const measures = [5, 9, 5, 1, 9, 7, 0, 5];
  assertEquals(sort([0, 1, 2, 3, 4, 5, 6, 7], 4, measures), [1, 0, 2, 3, 4, 5, 7, 6]);
  assertEquals(sort([7, 2, 0, 6, 3], 4, measures), [7, 2, 0, 6, 3]);
  assertEquals(sort([6, 2, 7], 100, measures), [2, 7, 6]);
});

Deno.test("sortBatches() leaves every row in its batch, at any size", () => {
  const given = fc.record({
    order: fc.array(fc.nat(49), { minLength: 1, maxLength: 200 }),
    batchSize: fc.integer({ min: 1, max: 70 }),
    measures: fc.array(fc.nat(2 ** 24), { minLength: 50, maxLength: 50 }),
  });
  fc.assert(fc.property(given, ({ order, batchSize, measures }) => {
    const sorted = sort(order, batchSize, measures);
    for (let start = 0; start < order.length; start += batchSize) {
      const batch = order.slice(start, start + batchSize);
      batch.sort((a, b) => measures[b]! - measures[a]!); // a stable sort
      assertEquals(sorted.slice(start, start + batchSize), batch);
    }
  }));
});
