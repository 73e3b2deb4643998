/** `plot --curves`: draws the learning curves of runs, as a picture or in the terminal. @module */
import { readRun } from "../checkpoint/read_run.ts";
import { findNewestRun } from "../checkpoint/run_directory.ts";
import { drawCurves } from "../plot/curves.ts";
import { type CurvesRun, summarizeRun } from "../plot/curves_run.ts";
import type { EpochMetrics } from "../training/metrics.ts";
import { wrapWords } from "../evaluation/columns.ts";
import { listSingleRuns } from "./open_model.ts";
import type { TypedOptions } from "./options.ts";
import { hasShapeOptions } from "./summary_command.ts";
import { lineColumns, print, printError, printText } from "./terminal.ts";
import { drawTerminalCurves } from "./terminal_curves.ts";
import { UsageError } from "./usage_error.ts";
import { readPictureFile, writePicture } from "./write_picture.ts";

/** Runs `plot --curves` and gives the exit code. */
export async function plotCurves(typed: TypedOptions): Promise<number> {
  const file = readPictureFile(typed);
  checkOptions(typed);
  const { positionals } = typed;
  const paths = positionals.length > 0 ? positionals : [typed.text("run") ?? await findNewestRun()];
  const names = nameRuns(paths);
  const runs: CurvesRun[] = [];
  for (const [i, path] of paths.entries()) {
    const members = await listSingleRuns([path]);
    for (const member of members) {
      const name = names[i]! + member.slice(path.length); // of an ensemble: run-0001/member-1
      runs.push({ name, history: await readHistory(member) });
    }
  }
  if (typed.flag("terminal")) printCurves(runs);
  else await writePicture(typed, file ?? `${paths[0]}/curves.svg`, () => drawCurves(runs));
  return 0;
}

function checkOptions(typed: TypedOptions): void {
  if (hasShapeOptions(typed)) {
    throw new UsageError(
      "Cannot plot curves: the options that describe a model cannot be used with --curves, because such a model was not trained; leave them out",
    );
  }
  const { length } = typed.positionals;
  if (typed.text("run") !== undefined && length > 0) {
    throw new UsageError(
      `Cannot plot: runs must be named after --curves or with --run, but "${
        typed.positionals[0]
      }" and --run are both given`,
    );
  }
  const hasFile = typed.text("to-file") !== undefined;
  if (typed.flag("terminal") && hasFile) {
    throw new UsageError("Cannot plot: --terminal and --to-file exclude each other");
  }
  if (typed.flag("terminal") && typed.flag("overwrite")) {
    throw new UsageError("Cannot plot: --terminal writes no file that --overwrite could replace");
  }
  if (length > 1 && !hasFile && !typed.flag("terminal")) {
    throw new UsageError(
      `Cannot plot curves of ${length} runs: name a file with --to-file, or add --terminal`,
    );
  }
}

/** Names every run by the last part of its path, or by as many parts as make the names different. */
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
  for (const reason of skipped) printError(`Skipped ${reason}`);
  const { history } = checkpoint.progress;
  if (history.length > 0) return history;
  throw new Error(
    `Cannot plot curves of "${path}": the run must have at least one completed epoch, but has none`,
  );
}

function printCurves(runs: readonly CurvesRun[]): void {
  const drawn = drawTerminalCurves(runs.map(({ history }) => history), lineColumns() + 1);
  for (const [i, run] of runs.entries()) {
    if (i > 0) print("");
    for (const line of wrapWords(`${run.name}, ${summarizeRun(run)}`, lineColumns(), 2)) {
      print(line);
    }
    printText(drawn[i]!);
  }
}
