import { assert, assertEquals } from "@std/assert";
import { countColumns } from "../../../src/evaluation/columns.ts";
import {
  describePairs,
  describePairsBriefly,
} from "../../../src/evaluation/pairs/describe_pairs.ts";
import { advisePairs } from "../../../src/evaluation/pairs/pairs_advice.ts";
import { measureTexts } from "../../problem/pairs/read_pairs.ts";

const MEASURED = measureTexts({
  data: "ſeind\tsind\nſÿ\tsie\nſÿ\tsei\ndoch\tdoch\n\tbad\nlang\t\n",
  validation: "doch\tdoch\nſie\tſie\n",
  test: "ſeind\tsind\n",
}, { badLines: "skip" });

Deno.test("describePairs() says what is in the files, and what needs no model", () => {
  const text = describePairs(MEASURED, Infinity).join("\n");
  const parts = [
    "Data: d",
    "5 in 6 lines (1 bad line left out)",
    "data:5: the question must not be empty",
    "1 question, the first in line 3; all are kept",
    "1, the first in line 6",
    "50.0 %: the most frequent answer of a question that is in the data",
    "100.0 %: memorising, and copying where the question is not in the data",
    "There are only 5 pairs",
  ];
  for (const part of parts) assert(text.includes(part), `"${part}" is not in\n${text}`);
});

Deno.test("describePairs() and its short form keep within the columns of a terminal", () => {
  for (const columns of [120, 80, 59, 40]) {
    for (const describe of [describePairs, describePairsBriefly]) {
      for (const line of describe(MEASURED, columns)) {
        assert(countColumns(line) <= columns, `${columns}: ${line}`);
      }
    }
  }
});

Deno.test("advisePairs() names what is unusual and the option for it", () => {
  const syllables = Array.from(
    { length: 400 },
    (_, at) => `${String.fromCodePoint(0xac00 + 28 * at)}x\ta b\n`,
  ).join("");
  const cases: readonly (readonly [ReturnType<typeof measureTexts>, string])[] = [
    [measureTexts({ data: "word\tpronunciation\ncat\tk a t\n" }), "reads like a header"],
    [measureTexts({ data: "go\twent\tV;PST\nbe\twas\tV;PST\n" }), "--feature-columns 3"],
    [measureTexts({ data: "cat\tk æ t\ndoor\td ɔː r\n" }), '--target-separator " "'],
    [measureTexts({ data: "e\u0301\ta\nb\ta\n" }, { normalize: "none" }), "--normalize nfc"],
    [measureTexts({ data: syllables }), "--normalize nfd"],
    [
      measureTexts({ data: `${"a\tb\n".repeat(200)}${"x".repeat(99)}\tb\n` }),
      "--max-length 1 --bad-lines skip",
    ],
    [measureTexts({ data: "a\tb\nc\td\n", validation: "a\tz\n" }), '"z" in line 1'],
    [
      measureTexts({ data: "a\tb\nc\td\n", validation: "a\tb\n" }),
      "100.0 % of the validation questions are in the data too",
    ],
    [measureTexts({ data: "a \tb\nc\td\n" }), "begins or ends with a space"],
  ];
  for (const [measured, part] of cases) {
    const advice = advisePairs(measured);
    assert(
      advice.some((each) => each.includes(part)),
      `"${part}" is not in ${JSON.stringify(advice)}`,
    );
  }
});

Deno.test("advisePairs() has nothing to say about ordinary pairs", () => {
  const data = Array.from({ length: 2000 }, (_, at) => `${at % 977}a${at}\tb${at % 7}\n`).join("");
  assertEquals(advisePairs(measureTexts({ data })), []);
});
