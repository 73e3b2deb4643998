import { showSymbol } from "../../src/codec/show_symbol.ts";
import { assertEquals } from "@std/assert";
import { certaintyOf, errorStrength } from "../../src/dashboard/page/color_scale.ts";
import { waitBeforeRetry } from "../../src/dashboard/page/connection.ts";
import {
  describeStatus,
  formatCount,
  formatDuration,
  formatNarrow,
  formatShare,
  formatValue,
  nameSymbol,
} from "../../src/dashboard/page/format.ts";
import { describePick, questionsBehind } from "../../src/dashboard/page/behind_cell.ts";
import {
  cellsOfGrouping,
  sharesOverEpochs,
  sumConfusion,
  worstFirst,
} from "../../src/dashboard/page/shares.ts";
import { correctAnswer, type Task } from "../../src/dashboard/page/task.ts";
import { createTextCodec } from "../../src/codec/text_codec.ts";
import { REST_KEY } from "../../src/evaluation/cell.ts";
import type { CountedGroups } from "../../src/evaluation/group_counter.ts";
import { createProblem, findKind, resolveProblem } from "../../src/problem/registry.ts";

Deno.test("formatShare() never rounds to all or nothing", () => {
  assertEquals(
    [0, 0.0000001, 0.12345, 0.9982, 0.9999999, 1].map((share) => formatShare(share)),
    ["0 %", "0.01 %", "12.35 %", "99.82 %", "99.99 %", "100 %"],
  );
  assertEquals(formatShare(0.99999, 1), "99.9 %");
});

Deno.test("numbers and times read as people write them", () => {
  assertEquals(formatCount(1234567), "1,234,567");
  assertEquals([0, 0.0123456, 2.4849, 1e-7].map(formatValue), ["0", "0.01235", "2.485", "1.00e-7"]);
  assertEquals(
    [12, 1234, 59_400, 185_000, 7_800_000].map(formatDuration),
    ["12 ms", "1.2 s", "59 s", "3 min 05 s", "2 h 10 min"],
  );
  assertEquals([7, 999, 1234, 9960, 18_200].map(formatNarrow), ["7", "999", "1.2k", "10k", "18k"]);
});

Deno.test("describeStatus() says why a run ended, in words or as it was told", () => {
  assertEquals(describeStatus({ state: "ended", reason: "epochs" }), "Ended: all epochs are done");
  assertEquals(
    describeStatus({ state: "interrupted", reason: "interrupted" }),
    "Interrupted: it can be resumed",
  );
  assertEquals(
    describeStatus({ state: "failed", reason: "The disk is full" }),
    "Failed: The disk is full",
  );
});

function makeTask(given: Readonly<Record<string, unknown>>): Task {
  const settings = resolveProblem(given);
  const layout = findKind(settings.name).layOut!(settings, true);
  return { problem: createProblem(settings, layout), target: createTextCodec(layout.target) };
}

const ADDITION = makeTask({ name: "addition", digits: 2 });

Deno.test("correctAnswer() is that of the problem, and gives up on what is no question", () => {
  assertEquals(correctAnswer("99+1", ADDITION), "100");
  assertEquals(correctAnswer("5-12", makeTask({ name: "subtraction" })), "-7");
  assertEquals(correctAnswer("3 March 2021", makeTask({ name: "dates" })), "2021-03-03");
  assertEquals(correctAnswer("seven", ADDITION), undefined);
});

Deno.test("symbols that cannot be seen have a sign and a name", () => {
  const symbols = ["", " ", "\t", "\ufffd", "\u0301", "AH0"];
  assertEquals(symbols.map(showSymbol), ["∅", "␣", "⇥", "\ufffd", "◌\u0301", "AH0"]);
  assertEquals(symbols.map(nameSymbol), [
    ...["padding", "space", "tab", "unknown symbol", "“◌\u0301”", "“AH0”"],
  ]);
});

Deno.test("certainty and strength have their limits where they say", () => {
  assertEquals([1, 0.9, 0.89, 0.5, 0.49, 0].map(certaintyOf), [
    "sure",
    "sure",
    "unsure",
    "unsure",
    "guess",
    "guess",
  ]);
  assertEquals([errorStrength(0, 0), errorStrength(1, 100), errorStrength(4, 4)], [0, 0.235, 1]);
});

Deno.test("waitBeforeRetry() doubles up to eight seconds, however often it failed", () => {
  assertEquals([0, 1, 2, 5, 10_000].map(waitBeforeRetry), [250, 500, 1000, 8000, 8000]);
});

const ANSWERS = {
  step: 9,
  examples: 4,
  questions: ["1+1", "9+9", "12+9", "5+5"],
  targets: ["2", "18", "21", "10"],
  guesses: ["2", "13", "1", "10"],
};

/** A grouping as an epoch has counted it; its counts do not matter here. */
function count(name: string, ...keys: readonly string[]): CountedGroups {
  const { title, grid } = ADDITION.problem.groupings.find((grouping) => grouping.name === name)!;
  const cells = keys.map((key) => ({ key, examples: 1, right: 1 }));
  return { name, title, ...(grid && { grid }), cells };
}

Deno.test("questionsBehind() lists a cell's questions, wrong ones first", () => {
  const list = (pick: Parameters<typeof questionsBehind>[1]): string[] =>
    questionsBehind(ANSWERS, pick, ADDITION).map(({ question, right }) => `${question} ${right}`);
  const carries = count("carries", "0", "1");
  assertEquals(list({ kind: "group", groups: carries, key: "1" }), [
    ...["9+9 false", "12+9 false", "5+5 true"],
  ]);
  assertEquals(list({ kind: "group", groups: count("lengths"), key: "1+1" }), [
    ...["9+9 false", "1+1 true", "5+5 true"],
  ]);
  assertEquals(list({ kind: "group", groups: count("carries", "1"), key: REST_KEY }), ["1+1 true"]);
  assertEquals(list({ kind: "group", groups: { ...carries, name: "none" }, key: "1" }), []);
  assertEquals(list({ kind: "confusion", target: "8", guess: "3" }), ["9+9 false"]);
  assertEquals(list({ kind: "confusion", target: "1", guess: " " }), ["12+9 false"]);
  assertEquals(list({ kind: "position", position: 1 }), [
    "9+9 false",
    "12+9 false",
    "1+1 true",
    "5+5 true",
  ]);
});

Deno.test("questionsBehind() divides answers of tokens at their separator", () => {
  const symbols = ["", "AH0", "B", "K"];
  const layout = { length: 3, symbols, padding: "", separator: " ", reverse: false };
  const target = createTextCodec({ ...layout, normalize: "none" });
  const answers = {
    ...{ step: 1, examples: 2, questions: ["ab", "ak"] },
    ...{ targets: ["AH0 B", "AH0 K"], guesses: ["AH0 K", "AH0"] },
  };
  const list = (pick: Parameters<typeof questionsBehind>[1]): string[] =>
    questionsBehind(answers, pick, { ...ADDITION, target }).map(({ question, right }) =>
      `${question} ${right}`
    );
  assertEquals(list({ kind: "confusion", target: "B", guess: "K" }), ["ab false"]);
  assertEquals(list({ kind: "confusion", target: "K", guess: "" }), ["ak false"]);
  assertEquals(list({ kind: "position", position: 0 }), ["ab true", "ak true"]);
  assertEquals(list({ kind: "position", position: 1 }), ["ab false", "ak false"]);
});

Deno.test("describePick() names every kind of cell", () => {
  assertEquals(
    describePick({ kind: "group", groups: count("carries"), key: "1" }),
    "Number of carries: 1",
  );
  assertEquals(
    describePick({ kind: "group", groups: count("lengths"), key: "3+2" }),
    "Digits of the first number: 3. Digits of the second number: 2",
  );
  assertEquals(describePick({ kind: "position", position: 0 }), "Position 1 of the answer");
  assertEquals(
    describePick({ kind: "confusion", target: " ", guess: "0" }),
    "“0” predicted instead of space",
  );
  assertEquals(
    describePick({ kind: "confusion", target: "", guess: "" }),
    "padding predicted correctly",
  );
});

Deno.test("shares and totals come from the counts", () => {
  const cells = (right: number) => [{ key: "0", examples: 4, right }];
  const learned = [1, 3].map((right, i) => ({
    epoch: i + 1,
    groups: [{ name: "carries", title: "Number of carries", cells: cells(right) }],
    positions: cells(right),
    symbols: ["0", "1"],
    confusion: [3, 1, 0, 4],
  }));
  assertEquals(sharesOverEpochs(learned, cellsOfGrouping("carries")).get("0"), [0.25, 0.75]);
  assertEquals(sharesOverEpochs(learned, cellsOfGrouping("none")).size, 0);
  assertEquals(sumConfusion(learned[0]!), { targets: [4, 4], errors: [1, 1] });
});

Deno.test("worstFirst() puts the lowest share first, and of equal shares the larger group", () => {
  const cells = [[1, 1], [4, 2], [2, 1], [9, 0]].map(([examples, right], i) => ({
    ...{ key: String(i), examples: examples!, right: right! },
  }));
  assertEquals(worstFirst(cells).map(({ key }) => key), ["3", "1", "2", "0"]);
});
