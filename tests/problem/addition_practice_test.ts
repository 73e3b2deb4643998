import { assertEquals, assertThrows } from "@std/assert";
import { generateAddition, parseAddition, practiseAddition } from "../../src/problem/addition.ts";
import type { Example } from "../../src/problem/example.ts";

const { swapOf, weightOf, keep } = practiseAddition();

function ask(question: string): Example {
  return { question, answer: "x" };
}

Deno.test("practiseAddition() swaps the numbers of questions", () => {
  assertEquals(swapOf(ask("1+23")), ask("23+1"));
  assertEquals(swapOf(ask("7+7")), ask("7+7"));
  for (const example of generateAddition({ digits: 3, examples: 200 })) {
    const [a, b] = parseAddition(example.question);
    const swapped = swapOf(example);
    assertEquals(swapped.answer, example.answer);
    assertEquals(parseAddition(swapped.question), [b, a]);
    assertEquals(swapOf(swapped), example);
  }
});

Deno.test("practiseAddition() weighs short sums most, and keeps those of two digits in all", () => {
  const sums = ["0+0", "9+9", "1+23", "23+1", "10+10", "1+234", "999+999"];
  assertEquals(sums.map((sum) => weightOf(ask(sum))), [20, 20, 4, 4, 1, 1, 1]);
  assertEquals(sums.map((sum) => keep(ask(sum))), [true, true, ...Array(5).fill(false)]);
});

Deno.test("practiseAddition() refuses a text that is not an addition", () => {
  assertThrows(() => weightOf(ask("1/1")), SyntaxError);
});
