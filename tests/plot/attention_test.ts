import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { AnswerAttention } from "../../src/model/answer_attention.ts";
import { drawAttention } from "../../src/plot/attention.ts";

const ATTENTION: AnswerAttention = {
  question: ["a", " ", "<&"],
  answer: ["\u0301", "\tPL"],
  weights: [[0.9, 0.06, 0.04], [0.004, 0.001, 0.995]],
};

function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);
}

Deno.test("drawAttention() writes the symbols, and the percentage of cells that count", () => {
  const svg = drawAttention(ATTENTION);
  assertEquals(textsOf(svg).slice(1, -1), ["a", "&lt;&amp;", "◌\u0301", "90", "6", "PL", "100"]);
  const cells = [...svg.matchAll(/fill-opacity="([\d.]+)"/g)].map(([, opacity]) => Number(opacity));
  assertEquals(cells, [0.9, 0.06, 0.04, 0.995]); // less than 0.5 % is not drawn
  assertEquals(svg.match(/v4h10v-4/g)!.length, 1); // the space
  assertStringIncludes(
    svg,
    "<desc>The question is a ␣ &lt;&amp;. The answer is ◌\u0301 PL.</desc>",
  );
  assertEquals(drawAttention(ATTENTION), svg);
});

Deno.test("drawAttention() makes columns as wide as their symbols, and cuts very long ones", () => {
  const widthOf = (symbol: string): number => {
    const svg = drawAttention({ question: [symbol], answer: ["x"], weights: [[1]] });
    return Number(/width="([\d.]+)" height="32" fill="#0969da"/.exec(svg)![1]);
  };
  assertEquals(widthOf("i"), 32);
  assert(widthOf("jump") > 32);
  assertEquals(widthOf("m".repeat(50)), widthOf("m".repeat(60)));
});

Deno.test("drawAttention() draws an empty answer, and an empty question", () => {
  for (const empty of [{ question: ["a"], answer: [] }, { question: [], answer: [] }]) {
    assertStringIncludes(drawAttention({ ...empty, weights: [] }), "</svg>");
  }
});

Deno.test("drawAttention() refuses what is no attention", () => {
  const wrong: unknown[] = [
    undefined,
    { ...ATTENTION, weights: [[1, 0, 0]] },
    { ...ATTENTION, weights: [[1, 0], [1, 0]] },
    { ...ATTENTION, weights: [[1, 0, NaN], [1, 0, 0]] },
    { ...ATTENTION, question: "abc" },
  ];
  for (const attention of wrong) {
    assertThrows(() => drawAttention(attention as AnswerAttention), TypeError, "the attention of");
  }
});
