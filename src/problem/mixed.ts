/** Calculations with several operators as text: `12-34` → `-22`, `2+3*4` → `14`. @module */
import { edgeNumbers, type OperandPair } from "./arithmetic/edge_cases.ts";
import { GROUP_BY_OPERATORS, GROUP_BY_SIGN, groupByLengths } from "./arithmetic/groupings.ts";
import { createArithmeticKind } from "./arithmetic/kind.ts";
import type { ArithmeticSettings } from "./arithmetic/settings.ts";
import type { ProblemKind } from "./problem.ts";

/** Sums, differences and products mixed. Products are calculated first. */
export const MIXED: ProblemKind<ArithmeticSettings> = createArithmeticKind({
  name: "mixed",
  summary: "calculations with several operators, such as 12-34=-22",
  plural: "calculations",
  describe: (numbers, { operators }) =>
    `${numbers} each with ${Array.from(operators).join(" or ")} between them`,
  groupings: (space) => [
    GROUP_BY_OPERATORS,
    ...(space.operators.includes("-") ? [GROUP_BY_SIGN] : []),
    groupByLengths(space),
  ],
  edgePairs(space): readonly OperandPair[] {
    const { max, top, lower, half, ones } = edgeNumbers(space);
    // deno-fmt-ignore
    return [
      [0, 0], [0, 1], [1, 0], [1, 1], [0, max], [max, 0], [max, max],
      [max, 1], [1, max], [top, 1], [1, top], [lower, 1], [1, lower],
      [top, top], [half, half], [top, lower], [ones, max - ones + 1],
    ];
  },
});
