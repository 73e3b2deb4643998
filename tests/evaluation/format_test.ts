import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  describeWeights,
  formatCount,
  formatInterval,
  formatPlural,
  formatShare,
} from "../../src/evaluation/format.ts";

Deno.test("counts have commas, and shares have two decimals", () => {
  assertEquals([0, 999, 1000, 1_234_567].map(formatCount), ["0", "999", "1,000", "1,234,567"]);
  assertEquals([0, 0.5, 0.99876, 1].map(formatShare), [
    ...["0.00 %", "50.00 %", "99.88 %", "100.00 %"],
  ]);
  assertEquals(formatInterval({ low: 0.9974, high: 0.99945 }), "99.74–99.94 %");
});

Deno.test("only 0 is written as 0, and only 1 as 100", () => {
  assertEquals(formatShare(1 - 1e-6), "99.9999 %");
  assertEquals(formatShare(1e-6), "0.0001 %");
  const part = fc.integer({ min: 1, max: 9_999_999 });
  fc.assert(fc.property(part, (right) => {
    const percent = parseFloat(formatShare(right / 1e7));
    assert(percent > 0 && percent < 100);
  }));
});

Deno.test("formatPlural() writes one thing without an s", () => {
  const written = [0, 1, 2, 1234].map((count) => formatPlural(count, "pair"));
  assertEquals(written, ["0 pairs", "1 pair", "2 pairs", "1,234 pairs"]);
});

Deno.test("describeWeights() names one checkpoint, or those of an ensemble with their steps together", () => {
  const head = {
    run: "r",
    weights: "best",
    step: 2816,
    problem: "sums",
    asked: "all",
    equals: "=",
  };
  assertEquals(describeWeights(head), "the best checkpoint, after 2,816 steps");
  assertEquals(
    describeWeights({ ...head, members: [1, 2, 4] }),
    "the best checkpoints of 3 models, after 2,816 steps together",
  );
});
