/** Addition as text: `535+61` → `596`. The problem of Keras' addition_rnn notebook. @module */
import { edgeNumbers, type OperandPair } from "./arithmetic/edge_cases.ts";
import { groupByCarries, groupByLengths } from "./arithmetic/groupings.ts";
import { createArithmeticKind } from "./arithmetic/kind.ts";
import type { ArithmeticSettings } from "./arithmetic/settings.ts";
import type { ProblemKind } from "./problem.ts";

/** Sums of two or more numbers. */
export const ADDITION: ProblemKind<ArithmeticSettings> = createArithmeticKind({
  name: "addition",
  summary: "sums, such as 535+61=596",
  plural: "additions",
  operator: "+",
  describe: (numbers) => `a sum of ${numbers} each`,
  groupings: (space) => [groupByCarries(space), groupByLengths(space)],
  edgePairs(space): readonly OperandPair[] {
    const { max, top, lower, half, ones, halves } = edgeNumbers(space);
    // deno-fmt-ignore
    return [
      [0, 0], [0, 1], [1, 0], [1, 1], [0, max], [max, 0], [max, max],
      [max, 1], [1, max], [lower, 1], [1, lower], [lower, lower], [top, lower],
      [top, top], [half, half], [ones, max - ones], [ones, max - ones + 1],
      [max - ones + 1, ones], [halves, max - halves], [halves, max - halves + 1],
    ];
  },
});
