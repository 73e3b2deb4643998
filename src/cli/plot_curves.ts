/** `plot --curves`: how runs learned, as a picture or in the terminal. @module */
import { findNewestRun } from "../checkpoint/run_directory.ts";
import { readRun } from "../checkpoint/run_files.ts";
import { drawCurves } from "../training/curves.ts";
import { type CurvesRun, summarizeRun } from "../training/curves_run.ts";
import type { EpochMetrics } from "../training/metrics.ts";
import type { TypedOptions } from "./options.ts";
import { hasShapeOptions } from "./summary_command.ts";
import { print, printError, terminalColumns } from "./terminal.ts";
import { drawTerminalCurves } from "./terminal_curves.ts";
import { UsageError } from "./usage_error.ts";
import { readPictureFile, writePicture } from "./write_picture.ts";

/** Carries out `plot --curves`; gives the exit code. */
export async function plotCurves(typed: TypedOptions): Promise<number> {
  const file = readPictureFile(typed);
  checkOptions(typed);
  const paths = typed.positionals.length > 0 ? typed.positionals : [await findNewestRun()];
  const names = nameRuns(paths);
  const runs: CurvesRun[] = [];
  for (const [i, path] of paths.entries()) {
    runs.push({ name: names[i]!, history: await readHistory(path) });
  }
  if (typed.flag("terminal")) printCurves(runs);
  else await writePicture(file ?? `${paths[0]}/curves.svg`, drawCurves(runs));
  return 0;
}

function checkOptions(typed: TypedOptions): void {
  if (typed.text("run") !== undefined || hasShapeOptions(typed)) {
    throw new UsageError(
      "Cannot plot curves of a model: name runs after --curves, without --run or a model's shape",
    );
  }
  const { length } = typed.positionals;
  const hasFile = typed.text("to-file") !== undefined;
  if (typed.flag("terminal") && hasFile) {
    throw new UsageError("Cannot plot: --terminal and --to-file exclude each other");
  }
  if (length > 1 && !hasFile && !typed.flag("terminal")) {
    throw new UsageError(
      `Cannot plot curves of ${length} runs: name a file with --to-file, or add --terminal`,
    );
  }
}

/** Calls every run by the last part of its path, or by as many as tell it from the others. */
function nameRuns(paths: readonly string[]): string[] {
  const parts = paths.map((path) =>
    path.split(/[\\/]+/).filter((part) => part !== "" && part !== ".")
  );
  const longest = Math.max(...parts.map(({ length }) => length));
  for (let count = 1; count <= longest; count++) {
    const names = parts.map((part, i) => part.slice(-count).join("/") || paths[i]!);
    if (new Set(names).size === names.length) return names;
  }
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice === undefined) return [...paths];
  throw new UsageError(`Cannot plot curves: "${twice}" is named more than once`);
}

async function readHistory(path: string): Promise<readonly EpochMetrics[]> {
  const { checkpoint, skipped } = await readRun(path);
  for (const reason of skipped) printError(`Passed over ${reason}`);
  const { history } = checkpoint.progress;
  if (history.length > 0) return history;
  throw new Error(
    `Cannot plot curves of "${path}": the run must have an epoch behind it, but has none yet`,
  );
}

function printCurves(runs: readonly CurvesRun[]): void {
  const drawn = drawTerminalCurves(runs.map(({ history }) => history), terminalColumns());
  print(runs.map((run, i) => `${run.name}, ${summarizeRun(run)}\n${drawn[i]}`).join("\n\n"));
}
