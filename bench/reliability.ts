/**
 * The checks of reliability with larger counts than the tests', and a table of what came of them.
 *
 * `deno task reliability` takes minutes, `--full` an hour or more; `--only NAME,NAME` runs some. Exits with 1 if one fails.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { CHECKS, type NamedCheck, type Scale } from "../tests/reliability/checks.ts";
import type { Outcome } from "../tests/reliability/check.ts";

interface Row {
  readonly check: NamedCheck;
  readonly outcome: Outcome;
  readonly seconds: number;
}

function print(line: string): void {
  // deno-lint-ignore no-console
  console.log(line);
}

async function runAll(checks: readonly NamedCheck[], scale: Scale): Promise<Row[]> {
  const rows: Row[] = [];
  for (const check of checks) {
    if (!(await check.isAvailable?.() ?? true)) {
      print(`${check.name}: not on this machine`);
      continue;
    }
    const started = performance.now();
    const outcome = await check.run(check.trials[scale]);
    const seconds = (performance.now() - started) / 1000;
    rows.push({ check, outcome, seconds });
    print(`${check.name}: ${outcome.trials} in ${seconds.toFixed(1)} s`);
    for (const failure of outcome.failures) print(`  FAILED ${failure}`);
  }
  return rows;
}

function describeRows(rows: readonly Row[]): string {
  const lines = rows.map(({ check, outcome, seconds }) => {
    const { trials, failures, note = "" } = outcome;
    const result = failures.length === 0 ? "held" : "FAILED";
    return `| ${check.title} | ${trials} | ${result} | ${seconds.toFixed(1)} s | ${note} |`;
  });
  return ["| what | tried | result | time | |", "| --- | --- | --- | --- | --- |", ...lines].join(
    "\n",
  );
}

/** When, where and of which commit. */
async function describeSource(): Promise<string> {
  const { os, arch } = Deno.build;
  const cores = navigator.hardwareConcurrency;
  return `${
    new Date().toISOString()
  }, Deno ${Deno.version.deno} on ${os} ${arch} with ${cores} cores, commit ${await readCommit()}`;
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

if (import.meta.main) {
  const options = parseArgs(Deno.args, { boolean: ["full"], string: ["only"] });
  const only: string[] | undefined = options.only?.split(",");
  const unknown = only?.filter((name) => !CHECKS.some((check) => check.name === name)) ?? [];
  if (unknown.length > 0) {
    print(`There is no check ${unknown}; there are: ${CHECKS.map(({ name }) => name).join(", ")}`);
    Deno.exit(2);
  }
  const chosen = CHECKS.filter(({ name }) => only?.includes(name) ?? true);
  const source = await describeSource(); // before somebody works on
  const rows = await runAll(chosen, options.full ? "full" : "task");
  print(`\n${describeRows(rows)}\n\n${source}`);
  if (rows.some(({ outcome }) => outcome.failures.length > 0)) Deno.exit(1);
}
