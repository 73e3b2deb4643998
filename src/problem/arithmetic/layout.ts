/** The layout of problems of arithmetic: one table of characters for questions and answers, as the notebook has it. @module */
import { characterLayout, type Layout } from "../../codec/layout.ts";
import { evaluate, writeExpression } from "./expression.ts";
import type { Space } from "./space.ts";

const DIGITS = "0123456789abcdef";

/** Gives the layout of a problem, with reversed sources or not. */
export function layOutArithmetic(space: Space, reverse: boolean): Layout {
  const { values, terms, base, operators } = space;
  const longest = { operands: new Array(terms).fill(values - 1), operators: "+".repeat(terms - 1) };
  return characterLayout(` ${operators}${DIGITS.slice(0, base)}`, {
    inputLength: writeExpression(longest, base).length,
    outputLength: measureAnswers(space),
    reverse,
  });
}

/** Gives the number of characters of the longest answer. */
function measureAnswers({ sections, base, values, terms }: Space): number {
  let length = 1;
  for (const { operators } of sections) {
    for (const sign of ["+", "-"]) {
      const signs = signsOf(operators);
      const operands = Array.from({ length: terms }, (_, i) => signs[i] === sign ? values - 1 : 0);
      length = Math.max(length, evaluate({ operands, operators }).toString(base).length);
    }
  }
  return length;
}

/** Gives the sign of the product that each operand belongs to. */
function signsOf(operators: string): readonly string[] {
  const signs = ["+"];
  for (const operator of operators) signs.push(operator === "*" ? signs.at(-1)! : operator);
  return signs;
}
