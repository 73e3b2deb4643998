/** Subtraction as text: `5-12` → `-7`. @module */
import { edgeNumbers, type OperandPair } from "./arithmetic/edge_cases.ts";
import { GROUP_BY_SIGN, groupByBorrows, groupByLengths } from "./arithmetic/groupings.ts";
import { createArithmeticKind } from "./arithmetic/kind.ts";
import type { ArithmeticSettings } from "./arithmetic/settings.ts";
import type { ProblemKind } from "./problem.ts";

/** Differences of two or more numbers, negative ones too. */
export const SUBTRACTION: ProblemKind<ArithmeticSettings> = createArithmeticKind({
  name: "subtraction",
  summary: "differences, such as 5-12=-7",
  plural: "subtractions",
  operator: "-",
  describe: (numbers) => `a difference of ${numbers} each`,
  groupings: (space) => [groupByBorrows(space), GROUP_BY_SIGN, groupByLengths(space)],
  edgePairs(space): readonly OperandPair[] {
    const { max, top, lower, half, ones, halves } = edgeNumbers(space);
    // deno-fmt-ignore
    return [
      [0, 0], [0, 1], [1, 0], [1, 1], [0, max], [max, 0], [max, max],
      [max, 1], [1, max], [max, max - 1], [max - 1, max], [top, 1], [1, top],
      [top, lower], [lower, top], [top, top], [half, half], [top, ones],
      [max, halves], [halves, max], [half, halves], [halves, half],
    ];
  },
});
