/** Makes the examples of a run of the playground. @module */
import { prepareSplit } from "../../dataset/prepare_split.ts";
import type { Split } from "../../dataset/split.ts";
import { isPairs, type PairFile, type PairsSettings } from "../../problem/pairs/settings.ts";
import { createProblem } from "../../problem/registry.ts";
import type { RunSource } from "./run_source.ts";
import { splitPairBytes } from "./pair_bytes.ts";

/**
 * Makes the training and the validation side, the same each time.
 *
 * @returns undefined if the run learns from pairs that are not there
 * @throws {Error} if the pairs are not those that were measured
 * @throws the signal's reason, if it aborts
 */
export async function openTaskSplit(
  { settings: { problem, model, training }, pairs }: Pick<RunSource, "settings" | "pairs">,
  signal: AbortSignal,
): Promise<Split | undefined> {
  if (!isPairs(problem)) {
    const generated = createProblem(problem, model).generated!;
    const recipe = { generated, layout: model, seed: problem.seed, training };
    return await prepareSplit(recipe, { signal });
  }
  if (pairs === null || !isOneFile(problem)) return undefined;
  return await splitPairBytes(pairs, problem, { layout: model, signal });
}

/** Says whether all pairs of a problem come from one file, which was measured. */
export function isOneFile(
  problem: PairsSettings,
): problem is PairsSettings & { readonly data: PairFile } {
  const { data, validation } = problem;
  return data !== null && typeof data !== "string" && validation === null;
}
