/** The results of `bench:tasks`, in a file of JSON lines: a measurement that was stopped goes on where it was. @module */
import { UsageError } from "../../src/cli/usage_error.ts";
import type { AskedFacts } from "./ask_set.ts";
import type { Beam } from "./set_plan.ts";
import type { Side } from "./task_set.ts";
import type { TrainingFacts } from "./train_set.ts";

/** What is measured: the key of a result. */
export interface Measured {
  readonly task: string;
  readonly language: string;
  readonly side: Side;
  /** The seed of the model, or of the first of several. */
  readonly seed: number;
  /** Number of models that answer together; 1 for one. */
  readonly ensemble: number;
  /** Widths of the search for answers. */
  readonly beams: readonly Beam[];
  /** Options of `train` that change what is learned, as typed. */
  readonly options: readonly string[];
}

/** A result: a line of the file. */
export interface TaskResult extends Measured, TrainingFacts, AskedFacts {
  readonly commit: string;
  readonly date: string;
}

/** Results that were measured before and now. */
export interface ResultFile {
  /** Finds a result. */
  find(measured: Measured): TaskResult | undefined;
  /** Keeps a result, and appends it to the file. */
  add(result: TaskResult): Promise<void>;
}

/** Opens the file with a path; without one, results are kept in memory. @throws {UsageError} if a line of it is no result */
export async function openResultFile(path: string | undefined): Promise<ResultFile> {
  const results = new Map<string, TaskResult>();
  for (const result of path === undefined ? [] : await readResults(path)) {
    results.set(keyOf(result), result);
  }
  return {
    find: (measured) => results.get(keyOf(measured)),
    async add(result): Promise<void> {
      results.set(keyOf(result), result);
      if (path === undefined) return;
      await Deno.writeTextFile(path, `${JSON.stringify(result)}\n`, { append: true });
    },
  };
}

/** Gives a text that is the same for the same measurement. */
function keyOf(measured: Measured): string {
  const { task, language, side, seed, ensemble, beams, options } = measured;
  return JSON.stringify([task, language, side, seed, ensemble, beams, options]);
}

async function readResults(path: string): Promise<TaskResult[]> {
  const text = await readIfThere(path);
  return text.split("\n").flatMap((line, i) => line === "" ? [] : [parseResult(line, path, i + 1)]);
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw new UsageError(`Cannot read --json "${path}": ${(error as Error).message}`);
  }
}

function parseResult(line: string, path: string, number: number): TaskResult {
  try {
    const result = JSON.parse(line);
    if (Array.isArray(result.options) && typeof result.figures === "object") return result;
  } catch {
    // the same message as for a line of something else
  }
  throw new UsageError(
    `Cannot go on with --json "${path}": every line must be a result of this bench, but line ${number} is not`,
  );
}
