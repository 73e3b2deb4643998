import { assertEquals, assertThrows } from "@std/assert";
import { additionLayout, generateAddition, parseAddition } from "../../src/problem/addition.ts";
import { practiseAddition } from "../../src/problem/addition_practice.ts";
import { formatQuestion, readQuestion } from "../../src/codec/question.ts";

for (const reverse of [true, false]) {
  const layout = additionLayout({ digits: 3, reverse });
  const { swapOf, weightOf, keep } = practiseAddition(layout);
  const ask = (question: string): { source: string; target: string } => ({
    source: formatQuestion(question, layout),
    target: "x",
  });
  const how = reverse ? "reversed" : "as they are";

  Deno.test(`practiseAddition() swaps the numbers of questions ${how}, in the same layout`, () => {
    assertEquals(swapOf(ask("1+23")), ask("23+1"));
    assertEquals(swapOf(ask("7+7")), ask("7+7"));
    for (const example of generateAddition({ digits: 3, examples: 200, reverse })) {
      const [a, b] = parseAddition(readQuestion(example.source, layout));
      const swapped = swapOf(example);
      assertEquals(swapped.target, example.target);
      assertEquals(parseAddition(readQuestion(swapped.source, layout)), [b, a]);
      assertEquals(swapOf(swapped), example);
    }
  });

  Deno.test(`practiseAddition() weighs short sums most, of questions ${how}, and keeps those of two digits in all`, () => {
    const sums = ["0+0", "9+9", "1+23", "23+1", "10+10", "1+234", "999+999"];
    assertEquals(sums.map((sum) => weightOf(ask(sum))), [20, 20, 4, 4, 1, 1, 1]);
    assertEquals(sums.map((sum) => keep(ask(sum))), [true, true, ...Array(5).fill(false)]);
  });
}

Deno.test("practiseAddition() refuses an invalid layout, and a text that is not an addition", () => {
  assertThrows(() => practiseAddition({ length: 2, reverse: true }), RangeError, "from 3 to 4096");
  const { weightOf } = practiseAddition({ length: 3, reverse: false });
  assertThrows(() => weightOf({ source: "1-1", target: "0" }), SyntaxError, "a sum has two");
});
