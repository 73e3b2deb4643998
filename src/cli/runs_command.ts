/** `runs`: lists and deletes runs. @module */
import { DEFAULT_ROOT } from "../checkpoint/run_directory.ts";
import { describeRun, listRuns, type RunOverview } from "../checkpoint/run_overview.ts";
import { describeSystemError } from "../checkpoint/system_error.ts";
import { countColumns, layFields, padToColumns } from "../evaluation/columns.ts";
import { type Command, JSON_OPTION } from "./command.ts";
import { deleteRuns } from "./delete_runs.ts";
import type { TypedOptions } from "./options.ts";
import { lineColumns, print, printError, printJson } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** The command. */
export const RUNS_COMMAND: Command = {
  positionals: "[DIR…] | delete NAME…",
  options: [
    { name: "yes", help: "with delete: delete without a question" },
    { ...JSON_OPTION, help: "print JSON to standard output, one object for each run" },
  ],
  examples: [
    "runs   (lists the runs under ./checkpoints)",
    "runs checkpoints other/place",
    "runs delete run-0003 run-0004",
    "runs delete other/place/run-0001 --yes",
  ],
  run: runRuns,
};

const HEADINGS = ["run", "last saved", "epochs", "exact match", "size", "in use"];

async function runRuns(typed: TypedOptions): Promise<number> {
  const [first, ...others] = typed.positionals;
  if (first === "delete") {
    return await deleteRuns(others, { yes: typed.flag("yes"), json: typed.flag("json") });
  }
  if (typed.flag("yes")) throw new UsageError("Cannot use --yes: it requires runs delete");
  const roots = typed.positionals.length > 0 ? typed.positionals : [DEFAULT_ROOT];
  const runs: RunOverview[] = [];
  for (const root of roots) {
    for (const path of await findRuns(root)) runs.push(await describeRun(path));
  }
  if (typed.flag("json")) runs.forEach((run) => printJson(toJson(run)));
  else if (runs.length === 0) printError(`There are no runs under ${roots.join(", ")}`);
  else layTable(HEADINGS, runs.map(toRow), lineColumns()).forEach(print);
  for (const { saved, problems } of runs) {
    for (const problem of problems) {
      printError(saved === undefined ? problem : `Skipped ${problem}`);
    }
  }
  return 0;
}

/** Finds the runs in a directory. The first training makes the default directory; until then there is no run. */
async function findRuns(root: string): Promise<readonly string[]> {
  try {
    return await listRuns(root.replace(/(?<=.)\/+$/, ""));
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    if (root === DEFAULT_ROOT && error instanceof Deno.errors.NotFound) return [];
    throw new Error(`Cannot list the runs in "${root}": ${describeSystemError(error)}`, {
      cause: error,
    });
  }
}

function toRow({ path, models, sizeBytes, holder, saved }: RunOverview): string[] {
  const use = typeof holder === "object" ? `by process ${holder.pid}` : holder;
  return [
    models === undefined ? path : `${path} (${models} models)`,
    saved?.savedAt ? formatTime(saved.savedAt) : "unknown",
    saved === undefined ? "unknown" : `${saved.epochs} of ${saved.plannedEpochs}`,
    saved === undefined
      ? "unknown"
      : saved.exactMatch === null
      ? "none yet"
      : `${(100 * saved.exactMatch).toFixed(2)} %`,
    formatSize(sizeBytes),
    use === "nobody" ? "no" : use,
  ];
}

/** Gives the JSON object of a run. `savedAt` is in UTC, as in ISO 8601. */
function toJson({ path, models = 1, sizeBytes, holder, saved, problems }: RunOverview): unknown {
  return {
    run: path,
    models,
    savedAt: saved?.savedAt?.toISOString() ?? null,
    step: saved?.step ?? null,
    epochs: saved?.epochs ?? null,
    plannedEpochs: saved?.plannedEpochs ?? null,
    exactMatch: saved?.exactMatch ?? null,
    sizeBytes,
    inUse: holder === "unknown" ? null : holder !== "nobody",
    process: typeof holder === "object" ? holder.pid : null,
    problems,
  };
}

/**
 * Lays out a table. If its lines are too long, every row becomes a paragraph with the headings as labels.
 *
 * @param columns columns of a line; `Infinity` gives a table always
 */
export function layTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): string[] {
  const widths = headings.map((heading, i) =>
    rows.reduce((most, row) => Math.max(most, countColumns(row[i]!)), countColumns(heading))
  );
  const lines = [headings, ...rows].map((row) =>
    row.map((text, i) => padToColumns(text, widths[i]!)).join("  ").trimEnd()
  );
  if (lines.every((line) => countColumns(line) <= columns)) return lines;
  return rows.flatMap(([first, ...others]) => {
    const labelled = others.map((text, i) => `${headings[i + 1]} ${text}`);
    return [
      ...layFields([first!], columns, { indent: 0 }),
      ...layFields(labelled, columns - 2, { indent: 0 }).map((line) => `  ${line}`),
    ];
  });
}

/** Formats the local time to the minute. */
function formatTime(time: Date): string {
  const pad = (value: number): string => String(value).padStart(2, "0");
  const day = [time.getFullYear(), pad(time.getMonth() + 1), pad(time.getDate())].join("-");
  return `${day} ${pad(time.getHours())}:${pad(time.getMinutes())}`;
}

/** Formats a number of bytes: `512 B`, `2.5 MB`. */
export function formatSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
