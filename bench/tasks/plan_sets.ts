/** Finds the sets of all tasks that are measured. @module */
import { UsageError } from "../../src/cli/usage_error.ts";
import type { PlannedSet } from "./run_plan.ts";
import type { TasksOptions } from "./tasks_options.ts";

/**
 * Lists what is measured: every set with every seed, all sets with the first seed first.
 *
 * @param made a folder for files that tasks make
 * @throws {UsageError} if a task or a language that was named has no files
 */
export async function planSets(options: TasksOptions, made: string): Promise<PlannedSet[]> {
  const { tasks, named, data, languages, side, seeds } = options;
  const sets: Omit<PlannedSet, "seed">[] = [];
  for (const task of tasks) {
    const found = await task.findSets({ data, made, side });
    if (found.length === 0 && named) {
      throw new UsageError(
        `Cannot measure ${task.name}: "${data}" has none of its files (${task.title})`,
      );
    }
    const wanted = found.filter(({ language }) => languages?.includes(language) ?? true);
    sets.push(...wanted.map((set) => ({ task, set, side })));
  }
  const missing = languages?.find((code) => !sets.some(({ set }) => set.language === code));
  if (missing !== undefined || sets.length === 0) {
    throw new UsageError(
      `Cannot measure: there must be files to train on in "${data}", but ${
        missing === undefined ? "none was found" : `none is of the language "${missing}"`
      }`,
    );
  }
  return seeds.flatMap((seed) => sets.map((set) => ({ ...set, seed })));
}
