import { assert, assertEquals, assertThrows } from "@std/assert";
import { keyOfExample } from "../../../src/evaluation/group_counter.ts";
import { PAIRS } from "../../../src/problem/pairs/pairs.ts";
import { PAIRS_SETTINGS } from "../../../src/problem/pairs/settings_table.ts";
import { resolvePairs } from "../../../src/problem/pairs/resolve_pairs.ts";
import type { Problem } from "../../../src/problem/problem.ts";
import type { PairsSettings } from "../../../src/problem/pairs/settings.ts";
import { measureTexts } from "./read_pairs.ts";

const VERBS = "go\twent\tV;PST\nbe\twas\tV;PST\nbe\tbeing\tV;PROG\n";

function makeProblem(data: string, given: Partial<PairsSettings> = {}): Problem {
  const { settings, laidOut } = measureTexts({ data }, given);
  return PAIRS.create(settings, laidOut.layout);
}

Deno.test("a question is read as the files were: normalised, without idle separators", () => {
  const words = makeProblem("é a\t1\ne b\t2\n", { sourceSeparator: " " });
  assertEquals(words.readQuestion(" e\u0301  a "), { question: "é a" });
});

Deno.test("a question may have features after a tab, and no more columns than were trained", () => {
  const verbs = makeProblem(VERBS, { featureColumns: ["3"] });
  assertEquals(verbs.readQuestion("go\tPST;V"), { question: "go\tPST;V" });
  assertEquals(verbs.readQuestion("go"), { question: "go" });
  assertThrows(
    () => verbs.readQuestion("go\tV\tPST"),
    SyntaxError,
    "it must have 1 column of features, each after a tab, but has 2",
  );
  const words = makeProblem("a\t1\nb\t2\n");
  assertThrows(() => words.readQuestion("a\tV"), SyntaxError, "it must have 0 columns of features");
});

Deno.test("an unknown symbol is read with a note, or refused if the model has no symbol for it", () => {
  const data = "ab\t1\nba\t2\n";
  const refusing = makeProblem(data);
  assertThrows(
    () => refusing.readQuestion("abx"),
    SyntaxError,
    'must be one of "ab", but index 2 is "x"',
  );
  const reading = makeProblem(`${data}abc\t3\n`, { minCount: 2 });
  const { question, note } = reading.readQuestion("xcd");
  assertEquals(question, "xcd");
  assertEquals(
    note,
    'Read "x", "c", "d" as the unknown symbol: the training had them rarely or never',
  );
});

Deno.test("questions that are empty, too long, or no text are refused", () => {
  const words = makeProblem("ab\t1\nba\t2\n");
  assertThrows(() => words.readQuestion(""), SyntaxError, "the question must not be empty");
  assertThrows(
    () => words.readQuestion("aba"),
    RangeError,
    "it must have at most 2 characters, but has 3",
  );
  assertThrows(() => words.readQuestion("a\ud800"), SyntaxError, "half of a surrogate pair");
});

Deno.test("pairs are grouped by length, unknown symbols and features", () => {
  const verbs = makeProblem(VERBS, { featureColumns: ["3"], minCount: 3 });
  const keys = (question: string): Record<string, string> =>
    Object.fromEntries(
      verbs.groupings.map(({ name, keyOf }) => [name, keyOf({ question, answer: "" })]),
    );
  assertEquals(keys("be\tV;PST"), { lengths: "2", unknownSymbols: "2 or more", features: "V;PST" });
  assertEquals(keys("V".repeat(20)), {
    lengths: "17–32",
    unknownSymbols: "2 or more",
    features: "none",
  });
});

Deno.test("settings that are complete stay as they are", () => {
  const { settings } = measureTexts({ data: VERBS }, { featureColumns: ["3"], split: 0.5 });
  assertEquals(resolvePairs(JSON.parse(JSON.stringify(settings))), settings);
});

Deno.test("settings that cannot work together are refused", () => {
  const wrong: readonly (readonly [Record<string, unknown>, string])[] = [
    [{ data: "a", validation: "b", split: 0.1 }, "split must be left out"],
    [{ validation: "b" }, "data, the file to learn from, is missing"],
    [{ questionColumn: "2" }, 'every column must be used once, but "2" is used more often (2, 2)'],
    [{ featureColumns: ["2"] }, '"2" is used more often'],
    [{ featureColumns: ["answer"] }, '"answer" is used more often'],
    [{ split: 0 }, "split must be null, or between 0 and 1, but is 0"],
    [{ maxLength: 5000 }, "maxLength must be an integer from 1 to 4096"],
    [{ data: { path: "a" } }, "data must be null, or a path, or a file"],
    [{ heldBack: { places: 0, except: [], pairs: 1 } }, "heldBack must be null, or"],
    [{ colums: "1" }, 'there is no option "colums"'],
    [{ sourceSeparator: "\t" }, "without tabs"],
  ];
  for (const [given, message] of wrong) {
    const error = assertThrows(() => resolvePairs(given), Error, message);
    assert(error instanceof TypeError || error instanceof RangeError);
  }
});

Deno.test("every setting that is typed reads what it writes", () => {
  const values: Record<string, unknown> = {
    ...{ data: "a.tsv", validation: "b", test: "c", format: "jsonl", questionColumn: "w" },
    ...{
      answerColumn: "2",
      featureColumns: ["3", "x y"],
      sourceSeparator: " ",
      targetSeparator: "",
    },
    ...{ normalize: "NFD", maxLength: 7, minCount: null, split: 0.25, answers: "edits" },
    ...{ featureOrder: "random", badLines: "skip" },
  };
  assertEquals(Object.keys(values), Object.keys(PAIRS_SETTINGS));
  for (const [name, setting] of Object.entries(PAIRS_SETTINGS)) {
    const { read, write } = setting as {
      read(text: string): unknown;
      write(value: unknown): string;
    };
    assertEquals(read(write(values[name])), values[name], name);
  }
});

Deno.test("the key of many features is cut between two characters", () => {
  for (const length of [29, 30, 31]) {
    const features = `${"x".repeat(31)};${"y".repeat(length)};😀`;
    const { groupings } = makeProblem(`go\twent\t${features}\nbe\twas\t${features}\n`, {
      featureColumns: ["3"],
    });
    const grouping = groupings.find(({ name }) => name === "features")!;
    const key = keyOfExample(grouping, { question: `go\t${features}`, answer: "went" });
    assert(key.isWellFormed() && key.length <= 64 && key.startsWith("xxx"), key);
  }
});
