import { assertEquals, assertThrows } from "@std/assert";
import { countCarries, operandLengths } from "../../src/problem/addition_features.ts";

Deno.test("countCarries() counts as on paper", () => {
  const carries = ["0+0", "4+5", "5+5", "999+1", "999+999", "95+5", "100+905", "7+93"]
    .map(countCarries);
  assertEquals(carries, [0, 0, 1, 3, 3, 2, 1, 2]);
});

Deno.test("operandLengths() gives the lengths in their order", () => {
  assertEquals(["1+2", "12+345", "345+12"].map(operandLengths), ["1+1", "2+3", "3+2"]);
});

Deno.test("countCarries() refuses a text that is not an addition", () => {
  assertThrows(() => countCarries("12-3"), SyntaxError, 'Cannot read "12-3"');
});
