/**
 * Runs the reliability checks with more trials than the tests have, and prints a table of the results.
 *
 * `deno task reliability` takes minutes, `--full` an hour or more on two cores. `--only NAME,NAME` runs some checks. After
 * `--minutes N` no further part of a divided check begins; the table then shows how many of the trials were made. Checks that do
 * not disturb each other run at the same time, one process per core. Ctrl-C prints the table of the results so far. The exit code
 * is 1 if a check fails.
 *
 * @module
 */
import { printError, printText } from "../src/cli/terminal.ts";
import { CHECKS, type NamedCheck } from "../tests/reliability/checks.ts";
import { type BenchUsage, readBenchOptions, readNames, readPositive } from "./bench_options.ts";
import { planParts } from "./reliability_plan.ts";
import { createRows, type Row, runParts } from "./reliability_pool.ts";
import { describeProgress, describeRows } from "./reliability_table.ts";

/** Time between two progress lines. */
const PROGRESS_MS = 30_000;
const LANES = navigator.hardwareConcurrency;

interface Options {
  readonly full: boolean;
  readonly checks: readonly NamedCheck[];
  readonly deadline: number;
}

const USAGE: BenchUsage = {
  command: "deno task reliability",
  summary:
    "check that kills, faults, damage and hostile input do no harm, and print a table of the results",
  options: [
    { name: "full", help: "make more trials: an hour or more on two cores" },
    {
      name: "only",
      value: "NAME,…",
      help: `checks to run: ${CHECKS.map(({ name }) => name).join(", ")} (default: all)`,
    },
    {
      name: "minutes",
      value: "X",
      help:
        "after N minutes, skip the trials that may be left out; the table shows how many were made",
    },
  ],
  examples: ["--only faults,damage", "--full --minutes 60"],
};

function readOptions(): Options {
  return readBenchOptions(Deno.args, USAGE, (typed) => {
    const names = readNames(typed, "only", CHECKS.map(({ name }) => name));
    const hasLimit = typed.text("minutes") !== undefined;
    return {
      full: typed.flag("full"),
      checks: CHECKS.filter(({ name }) => names?.includes(name) ?? true),
      deadline: hasLimit
        ? performance.now() + readPositive(typed, "minutes", 1) * 60_000
        : Infinity,
    };
  });
}

/** Runs checks until they are done or a signal arrives, and prints the results. */
async function runChecks({ full, checks, deadline }: Options): Promise<number> {
  const source = await describeSource(); // before the working tree changes
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const signals = Deno.build.os === "windows"
    ? ["SIGINT"] as const
    : ["SIGINT", "SIGTERM"] as const;
  for (const name of signals) Deno.addSignalListener(name, stop);
  const available = await Promise.all(checks.map((check) => check.isAvailable?.() ?? true));
  const parts = planParts(checks.filter((_, i) => available[i]), full ? "full" : "task");
  const rows = createRows(checks.filter((_, i) => available[i]), parts);
  const folder = await Deno.makeTempDir({ prefix: "carry-reliability-" });
  try {
    const { signal } = controller;
    const onDone = createProgress(deadline);
    await runParts(parts, rows, { lanes: LANES, signal, deadline, folder, onDone });
  } finally {
    await Deno.remove(folder, { recursive: true });
    for (const name of signals) Deno.removeSignalListener(name, stop);
  }
  const titles = checks.filter((_, i) => !available[i]).map(({ title }) => title);
  printText(`\n${describeRows(rows, titles)}\n\n${source}, ${minutesSinceStart()} min`);
  for (const row of rows) printFailures(row);
  if (controller.signal.aborted) return 130;
  return rows.some(({ outcome }) => outcome.failures.length > 0) ? 1 : 0;
}

function createProgress(deadline: number): (rows: readonly Row[]) => void {
  let shownAt = -Infinity;
  return (rows) => {
    if (performance.now() - shownAt < PROGRESS_MS) return;
    shownAt = performance.now();
    printError(`${minutesSinceStart()} min: ${describeProgress(rows, { lanes: LANES, deadline })}`);
  };
}

function printFailures({ check, outcome }: Row): void {
  for (const failure of outcome.failures) printError(`FAILED ${check.name}: ${failure}`);
}

function minutesSinceStart(): string {
  return (performance.now() / 60_000).toFixed(1);
}

/** Describes time, machine and commit. */
async function describeSource(): Promise<string> {
  const { os, arch } = Deno.build;
  return `${
    new Date().toISOString()
  }, Deno ${Deno.version.deno} on ${os} ${arch} with ${LANES} cores, commit ${await readCommit()}`;
}

async function readCommit(): Promise<string> {
  const git = async (...args: string[]): Promise<string> => {
    const { stdout } = await new Deno.Command("git", { args, stderr: "null" }).output();
    return new TextDecoder().decode(stdout).trim();
  };
  try {
    const changed = await git("status", "--porcelain") === "" ? "" : " with changes";
    return (await git("rev-parse", "--short", "HEAD") || "unknown") + changed;
  } catch {
    return "unknown"; // no git
  }
}

if (import.meta.main) Deno.exit(await runChecks(readOptions()));
