/** Counts the examples that a training learns from, before they are made or read. @module */
import type { Layout } from "../codec/layout.ts";
import { countTrainingSplit } from "../dataset/prepare_split.ts";
import { countTrainingPairs, isPairs } from "../problem/pairs/settings.ts";
import type { ProblemSettings } from "../problem/problem.ts";
import { createProblem } from "../problem/registry.ts";

/** Counts the examples on the training side of a problem's split. */
export function countTrainingExamples(
  { problem, model }: { readonly problem: ProblemSettings; readonly model: Layout },
): number {
  if (isPairs(problem)) return countTrainingPairs(problem)!;
  return countTrainingSplit(createProblem(problem, model).generated!.count);
}

/** Counts the pairs on which a training is measured; 0 if the problem is not one of pairs. */
export function countHeldBackPairs(problem: ProblemSettings): number {
  if (!isPairs(problem)) return 0;
  const { validation, heldBack } = problem;
  return validation === null || typeof validation === "string"
    ? heldBack?.pairs ?? 0
    : validation.pairs;
}
