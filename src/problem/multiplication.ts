/** Multiplication as text: `12*34` → `408`. @module */
import { edgeNumbers, type OperandPair } from "./arithmetic/edge_cases.ts";
import { groupByLengths } from "./arithmetic/groupings.ts";
import { createArithmeticKind } from "./arithmetic/kind.ts";
import type { ArithmeticSettings } from "./arithmetic/settings.ts";
import type { ProblemKind } from "./problem.ts";

/** Products of two or more numbers. */
export const MULTIPLICATION: ProblemKind<ArithmeticSettings> = createArithmeticKind({
  name: "multiplication",
  summary: "products, such as 12*34=408",
  plural: "multiplications",
  operator: "*",
  describe: (numbers) => `a product of ${numbers} each`,
  groupings: (space) => [groupByLengths(space)],
  edgePairs(space): readonly OperandPair[] {
    const { max, top, lower, ones, halves } = edgeNumbers(space);
    // deno-fmt-ignore
    return [
      [0, 0], [0, 1], [1, 0], [1, 1], [0, max], [max, 0], [1, max], [max, 1],
      [max, max], [top, top], [top, max], [max, top], [lower, lower], [ones, ones],
      [ones, max], [halves, 2], [2, halves],
    ];
  },
});
