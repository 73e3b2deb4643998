import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { countColumns } from "../../src/evaluation/columns.ts";
import { describeEvaluation } from "../../src/cli/evaluation_text.ts";
import { renderLine } from "../../src/cli/terminal.ts";
import { layTable } from "../../src/cli/text_table.ts";
import type { EvaluationReport } from "../../src/evaluation/report.ts";
import { ATTACKS, HEAD, makeReport } from "../evaluation/hostile_report.ts";

function describe(report: EvaluationReport, columns: number): string[] {
  return describeEvaluation(report, HEAD, columns).map((line) => renderLine(line, false));
}

Deno.test("an evaluation as text has all parts, and no line is wider than the terminal", () => {
  const reports = [
    makeReport({ examples: 9 }),
    makeReport({ examples: 400, texts: ATTACKS }),
    makeReport({ examples: 1 }),
    makeReport({ examples: 2000, texts: Array.from({ length: 99 }, (_, i) => `${i}+1`) }),
    makeReport({ examples: 9, texts: ATTACKS, complete: true }),
  ];
  for (const report of reports) {
    for (const columns of [39, 40, 60, 79, 80]) {
      const lines = describe(report, columns);
      for (const line of lines) assert(countColumns(line) <= columns, `${columns}: ${line}`);
      assertEquals(lines.filter((line) => /(?!\n)\p{Cc}|\u202e/u.test(line)), []);
      const text = lines.join("\n");
      assert(!/NaN|Infinity|undefined|\[object/.test(text), text);
      const parts = [
        "Exact match",
        "Word error rate",
        "Edge cases",
        "Probability",
        "One size beyond",
      ];
      for (const part of parts) assertStringIncludes(text, part);
    }
  }
});

Deno.test("one example that cannot be asked counts as wrong, and two count as wrong", () => {
  const report = makeReport({ examples: 9 });
  for (const [refused, words] of [[1, "1 of these counts"], [2, "2 of these count"]] as const) {
    const text = describe({ ...report, refused, refusedReason: "Cannot read" }, 200).join("\n");
    assertStringIncludes(text, `${words} as wrong, such as Cannot read`);
  }
});

Deno.test("an interval is drawn where the terminal has room, and left out of exact shares", () => {
  const report = makeReport({ examples: 300, texts: ["1+1", "12+34", "5"] });
  assert(describe(report, 80).some((line) => /[─━]*●/.test(line)));
  assert(!describe(report, 40).some((line) => line.includes("●")));
  const complete = describe({
    ...makeReport({ examples: 300, texts: ["1", "2"], complete: true }),
    beyond: null,
  }, 80);
  assert(!complete.some((line) => line.includes("interval")));
  assertStringIncludes(complete.join("\n"), "of all there are");
});

Deno.test("a table leaves out what has no room, from the right, then cuts its texts", () => {
  const table = {
    title: "Animals",
    head: ["legs", "weight"],
    rows: [["elephant of the zoo", "4", "5,000 kg"], ["ant", "6", "0.003 g"]],
    picture: {
      ...{ least: 3, most: 5, head: (width: number): string => "v".repeat(width) },
      row: (at: number, width: number): string => String(at).repeat(width),
    },
  };
  assertEquals(layTable(table, 80), [
    "Animals",
    "                       legs    weight  vvvvv",
    "  elephant of the zoo     4  5,000 kg  00000",
    "  ant                     6   0.003 g  11111",
  ]);
  assertEquals(layTable(table, 40), [
    "Animals",
    "                       legs    weight",
    "  elephant of the zoo     4  5,000 kg",
    "  ant                     6   0.003 g",
  ]);
  assertEquals(layTable(table, 30), [
    "Animals",
    "                legs    weight",
    "  elephant of…     4  5,000 kg",
    "  ant              6   0.003 g",
  ]);
  assertEquals(layTable(table, 20), [
    "Animals",
    "                legs",
    "  elephant of…     4",
    "  ant              6",
  ]);
});
