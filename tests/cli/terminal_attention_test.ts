import { assert, assertEquals } from "@std/assert";
import { countColumns } from "../../src/evaluation/columns.ts";
import { describePrediction } from "../../src/cli/prediction_text.ts";
import { renderLine } from "../../src/cli/terminal.ts";
import type { AnswerAttention } from "../../src/model/answer_attention.ts";
import { drawTerminalAttention } from "../../src/cli/terminal_attention.ts";

/** Attention of an answer with as many symbols as the question, each of which looked at one symbol. */
function lookStraight(question: readonly string[], answer = question): AnswerAttention {
  const weights = answer.map((_, row) => question.map((_, at) => Number(at === row)));
  return { question, answer, weights };
}

function draw(attention: AnswerAttention, columns = 80): string[] {
  return drawTerminalAttention(attention, columns).map((line) => renderLine(line, false).trimEnd());
}

const LEGEND = "  ░ from 5 %, ▒ from 25 %, ▓ from 50 %, █ from 75 %";

Deno.test("the attention of an answer is a heat map of shades", () => {
  const weights = [[0.8, 0.15, 0.05], [0.04, 0.3, 0.66]];
  assertEquals(draw({ question: ["a", "b", " "], answer: ["x", "yy"], weights }), [
    "     a b ␣",
    "  x  ██░░░░",
    "  yy   ▒▒▓▓",
    LEGEND,
  ]);
});

Deno.test("columns of the heat map stay in line under wide characters, accents and features", () => {
  assertEquals(draw(lookStraight(["日", "\u0301", "\tPL", "e\u0301"], ["x", "y", "z", "w"])), [
    "    日 ◌\u0301 PL e\u0301",
    "  x ███",
    "  y    ██",
    "  z      ███",
    "  w         ██",
    LEGEND,
  ]);
});

Deno.test("a line of the heat map has at most one symbol that is written from right to left", () => {
  const lines = draw(lookStraight(["ש", "ל", "ם"]));
  assertEquals(lines, [
    "    1 2 3",
    "  ש ██",
    "  ל   ██",
    "  ם     ██",
    "  1 ש",
    "  2 ל",
    "  3 ם",
    LEGEND,
  ]);
});

Deno.test("the heat map fits its columns, and continues below", () => {
  const long = lookStraight(Array.from("a question of forty characters, wide 日本語 あいう"));
  for (const columns of [80, 40, 20]) {
    const lines = draw(long, columns);
    for (const line of lines) assert(countColumns(line) <= columns, `${columns}: ${line}`);
    const looking = lines.filter((line) => /█/.test(line) && !/%/.test(line));
    assertEquals(looking.length, long.question.length); // each looked at one symbol, in one part
  }
  const heads = draw(long, 40).filter((line) => /^ {5}\S/.test(line)).join("").replaceAll(" ", "");
  assertEquals(heads, long.question.join("").replaceAll(" ", "␣"));
});

Deno.test("symbols cannot control the terminal, and are cut if they are long", () => {
  const [head] = draw(lookStraight(["\x1b[2J", "incomprehensible"]));
  assertEquals(head, "           \\x1b[2J incompr…");
});

Deno.test("the strongest cell of a row is green, others blue", () => {
  const [, row] = drawTerminalAttention({
    question: ["a", "b"],
    answer: ["x"],
    weights: [[0.3, 0.7]],
  }, 80);
  assertEquals(renderLine(row!, true), "  x \x1b[94m▒▒\x1b[0m\x1b[92m▓▓\x1b[0m");
});

Deno.test("an empty question or answer has no heat map", () => {
  assertEquals(draw(lookStraight([])), []);
  assertEquals(draw({ question: ["a"], answer: [], weights: [] }), []);
});

const PREDICTION = {
  ...{ question: "3+4", answer: "7", probability: 0.9 },
  alternatives: [{ answer: "7", probability: 0.9 }, { answer: "8", probability: 0.05 }],
};
const EQUALS = { equals: "=" };

Deno.test("other answers stand below the first in a terminal, and are whole lines elsewhere", () => {
  assertEquals(describePrediction(PREDICTION, EQUALS, { isTerminal: true, columns: 80 }), [
    "3+4=7  90.0 %",
    "    8  5.0 %",
  ]);
  assertEquals(describePrediction(PREDICTION, EQUALS, { isTerminal: false, columns: 80 }), [
    "3+4=7",
    "3+4=8",
  ]);
});

Deno.test("in a narrow terminal the probability of an answer stands below it, and is not cut", () => {
  const prediction = { question: "3+4", answer: "7", probability: 0.9, agreement: 0.5 };
  assertEquals(describePrediction(prediction, EQUALS, { isTerminal: true, columns: 24 }), [
    "3+4=7",
    "    90.0 %, 50 % of the",
    "    models agree",
  ]);
});

Deno.test("an answer of the memory says in a terminal that it is one", () => {
  const prediction = { question: "3+4", answer: "7", probability: 0.75, remembered: true };
  assertEquals(describePrediction(prediction, EQUALS, { isTerminal: true, columns: 80 }), [
    "3+4=7  75.0 % of its answers in the training",
  ]);
});
