/** Runs parts of checks, each in its own process, one process per core at a time. @module */
import { joinOutcomes, type Outcome } from "../tests/reliability/check.ts";
import type { NamedCheck } from "../tests/reliability/checks.ts";
import type { Part } from "./reliability_plan.ts";

/** The results of a check so far. */
export interface Row {
  readonly check: NamedCheck;
  /** Number of planned parts. */
  parts: number;
  partsDone: number;
  /** Number of planned trials. */
  trials: number;
  outcome: Outcome;
  /** Total time of all its processes. */
  seconds: number;
}

/** Options for running parts. */
export interface PoolOptions {
  readonly lanes: number;
  /** Ends all processes. */
  readonly signal: AbortSignal;
  /** Deadline on the clock of `performance`: a part of a divided check does not begin if it would end later. */
  readonly deadline: number;
  /** The folder for temporary files of the processes. */
  readonly folder: string;
  /** Called when a part is done. */
  onDone(rows: readonly Row[]): void;
}

const PROGRAM = new URL("../tests/reliability/checks.ts", import.meta.url).pathname;
const NOTHING: Outcome = { trials: 0, failures: [] };

/** Makes the rows of some parts, in the order of their checks in the table. */
export function createRows(checks: readonly NamedCheck[], parts: readonly Part[]): Row[] {
  return checks.map((check) => {
    const own = parts.filter((part) => part.check === check);
    const trials = own.reduce((sum, part) => sum + part.trials, 0);
    return { check, parts: own.length, partsDone: 0, trials, outcome: NOTHING, seconds: 0 };
  });
}

/** Runs all parts and updates the rows. Parts that did not end before the signal aborted do not count. */
export async function runParts(
  parts: readonly Part[],
  rows: readonly Row[],
  options: PoolOptions,
): Promise<void> {
  const isAlone = ({ check }: Part): boolean => check.alone === true;
  await runInLanes(parts.filter(isAlone), rows, { ...options, lanes: 1 });
  await runInLanes(parts.filter((part) => !isAlone(part)), rows, options);
}

async function runInLanes(
  parts: readonly Part[],
  rows: readonly Row[],
  options: PoolOptions,
): Promise<void> {
  const rest = parts.values(); // shared by all lanes
  const lane = async (): Promise<void> => {
    for (const part of rest) {
      const row = rows.find(({ check }) => check === part.check)!;
      if (options.signal.aborted) return;
      if (row.partsDone > 0 && performance.now() + meanMs(row) > options.deadline) continue;
      const started = performance.now();
      const outcome = await runPart(part, options);
      if (outcome === undefined) return;
      row.outcome = joinOutcomes(row.outcome, outcome);
      row.seconds += (performance.now() - started) / 1000;
      row.partsDone++;
      options.onDone(rows);
    }
  };
  await Promise.all(Array.from({ length: options.lanes }, lane));
}

/** Gives the mean time of the finished parts. */
export function meanMs({ seconds, partsDone }: Row): number {
  return 1000 * seconds / partsDone;
}

/** Runs one part; undefined if it was ended from outside. */
async function runPart(
  { check, trials, part }: Part,
  { signal, folder }: PoolOptions,
): Promise<Outcome | undefined> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", PROGRAM, check.name, String(trials), String(part)],
    env: { TMPDIR: folder, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const end = (): void => child.kill("SIGTERM");
  signal.addEventListener("abort", end);
  const { code, signal: endedBy, stdout, stderr } = await child.output();
  signal.removeEventListener("abort", end);
  if (signal.aborted || endedBy === "SIGINT" || endedBy === "SIGTERM") return undefined;
  const text = new TextDecoder().decode(stdout).trimEnd();
  try {
    return JSON.parse(text.slice(text.lastIndexOf("\n") + 1));
  } catch {
    const failure = `it ended with ${code}: ${new TextDecoder().decode(stderr)}`;
    return { trials: 0, failures: [failure] };
  }
}
