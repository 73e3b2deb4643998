/** Leaves out in which folders files of pairs are, before their settings are published. @module */
import type { ProblemSettings } from "../problem.ts";
import { isPairs, type PairSource } from "./settings.ts";

/** Gives the settings of a problem with the names of its files of pairs alone. */
export function nameFiles(problem: ProblemSettings): ProblemSettings {
  if (!isPairs(problem)) return problem;
  const { data, validation, test } = problem;
  return {
    ...problem,
    ...{ data: nameFile(data), validation: nameFile(validation), test: nameFile(test) },
  };
}

function nameFile(source: PairSource): PairSource {
  if (source === null) return null;
  if (typeof source === "string") return lastName(source);
  return { ...source, path: lastName(source.path) };
}

/** Gives the last part of a path. */
export function lastName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
