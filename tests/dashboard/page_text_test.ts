import { assertEquals } from "@std/assert";
import { certaintyOf, errorStrength } from "../../src/dashboard/page/color_scale.ts";
import { waitBeforeRetry } from "../../src/dashboard/page/connection.ts";
import { correctAnswer } from "../../src/dashboard/page/correct_answer.ts";
import {
  describeStatus,
  formatCount,
  formatDuration,
  formatNarrow,
  formatShare,
  formatValue,
} from "../../src/dashboard/page/format.ts";
import { describePick, questionsBehind } from "../../src/dashboard/page/behind_cell.ts";
import { confusionTotals, sharesOverEpochs } from "../../src/dashboard/page/shares.ts";

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

Deno.test("correctAnswer() adds numbers of any length, and gives up on what is no sum", () => {
  assertEquals(correctAnswer(" 99 + 1 "), "100");
  assertEquals(correctAnswer("99999999999999999999+1"), "100000000000000000000");
  assertEquals(correctAnswer("12-3"), undefined);
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

Deno.test("questionsBehind() lists a cell's questions, wrong ones first", () => {
  const list = (pick: Parameters<typeof questionsBehind>[1]): string[] =>
    questionsBehind(ANSWERS, pick, 3).map(({ question, right }) => `${question} ${right}`);
  assertEquals(list({ kind: "carries", key: "1" }), ["9+9 false", "12+9 false", "5+5 true"]);
  assertEquals(list({ kind: "lengths", key: "1+1" }), ["9+9 false", "1+1 true", "5+5 true"]);
  assertEquals(list({ kind: "confusion", target: "8", guess: "3" }), ["9+9 false"]);
  assertEquals(list({ kind: "confusion", target: "1", guess: " " }), ["12+9 false"]);
  assertEquals(list({ kind: "position", position: 1 }), [
    "9+9 false",
    "12+9 false",
    "1+1 true",
    "5+5 true",
  ]);
});

Deno.test("describePick() names every kind of cell", () => {
  assertEquals(describePick({ kind: "carries", key: "1" }), "Additions with 1 carry");
  assertEquals(describePick({ kind: "lengths", key: "3+2" }), "3-digit number + 2-digit number");
  assertEquals(describePick({ kind: "position", position: 0 }), "Position 1 of the answer");
  assertEquals(
    describePick({ kind: "confusion", target: " ", guess: "0" }),
    "“0” predicted instead of “space”",
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
  assertEquals(sharesOverEpochs(learned, "carries").get("0"), [0.25, 0.75]);
  assertEquals(confusionTotals(learned[0]!), [4, 4]);
});
