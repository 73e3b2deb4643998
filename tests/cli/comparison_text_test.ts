import { assert, assertEquals } from "@std/assert";
import { describeComparison } from "../../src/cli/comparison_text.ts";
import { countColumns } from "../../src/evaluation/columns.ts";
import type { Comparison } from "../../src/evaluation/comparison.ts";

const FIGURES = { step: 1, right: 5, exactMatch: 0.5, low: 0.2, high: 0.8 };

const COMPARISON: Comparison = {
  ...{ asked: "the validation split", weights: "latest", examples: 10, differing: 0, shown: [] },
  runs: [{ run: "a", ...FIGURES }, { run: "b", ...FIGURES }],
  pairs: [{
    ...{ first: 0, second: 1, difference: 0, low: -0.3, high: 0.3, pValue: 1 },
    ...{ both: 5, onlyFirst: 0, onlySecond: 0, neither: 5 },
  }],
};

Deno.test("a comparison explains p where the table has room for it, and only there", () => {
  for (const [columns, expected] of [[80, true], [60, true], [40, false], [30, false]] as const) {
    const lines = describeComparison(COMPARISON, { equals: " → ", columns }).map(String);
    const head = lines.find((line) => line.includes("difference"))!;
    assertEquals(head.includes(" p"), expected, `${columns} columns`);
    assertEquals(lines.some((line) => line.startsWith("  p: ")), expected, `${columns} columns`);
    assert(lines.every((line) => countColumns(line) <= columns), `${columns} columns`);
  }
});
