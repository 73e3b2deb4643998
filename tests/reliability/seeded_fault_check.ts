/** Tests the checks: each must fail on a copy of the project with the fault that it should detect. @module */
import { inFolder, runProgram } from "./carry_process.ts";
import { createFailures, type Outcome } from "./check.ts";
import { forEachConcurrently, LANES } from "./concurrently.ts";
import { applyChanges, readSources } from "./fault_points.ts";
import { SEEDED_FAULTS, type SeededFault } from "./seeded_faults.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
/** Files of the project that a check needs. */
const NEEDED = [
  ".jsr",
  "src",
  "tests/reliability",
  "tests/tiny_training.ts",
  "tests/permissions.ts",
  "cli.ts",
  "mod.ts",
  "deno.json",
  "deno.lock",
];
/** Trials within which a check must detect a fault. */
const TRIALS = 5000;
const FEWER_TRIALS: Readonly<Record<string, number>> = { resume: 8, clock: 10, resources: 6 };
/** Exit code of `checks.ts` if a check failed; any other code means that the copy did not run. */
const NOTICED = 3;

/**
 * Seeds a number of faults, evenly chosen, up to all. Then the copy without a fault must pass. Each lane has its own copy of the
 * project.
 */
export function checkSeededFaults(trials: number): Promise<Outcome> {
  return inFolder(async (folder) => {
    const copies = Array.from({ length: LANES }, (_, lane) => `${folder}/${lane}`);
    for (const copyOf of copies) await copyProject(copyOf);
    const failures = createFailures();
    const count = Math.min(trials, SEEDED_FAULTS.length);
    const chosen = Array.from(
      { length: count },
      (_, i) => SEEDED_FAULTS[Math.floor(i * SEEDED_FAULTS.length / count)]!,
    );
    await forEachConcurrently(chosen, LANES, async (fault, lane) => {
      failures.add(fault.name, await seed(copies[lane]!, fault));
    });
    const checks = [...new Set(chosen.map((fault) => fault.check))];
    await forEachConcurrently(checks, LANES, async (check, lane) => {
      const { code, lines, stderr } = await runCheckIn(copies[lane]!, check);
      if (code !== 0) failures.add("without a fault", [`${check}: ${lines} ${stderr}`]);
    });
    return { trials: count, failures: failures.list };
  });
}

async function copyProject(folder: string): Promise<void> {
  for (const path of NEEDED) await copy(`${ROOT}${path}`, `${folder}/${path}`);
}

async function seed(folder: string, fault: SeededFault): Promise<string[]> {
  const sources = await readSources(`${folder}/src`);
  const changed = applyChanges(sources, fault.changes);
  for (const [file, text] of changed) await Deno.writeTextFile(file, text);
  const ending = await runCheckIn(folder, fault.check);
  for (const file of changed.keys()) await Deno.writeTextFile(file, sources.get(file)!);
  return ending.code === NOTICED
    ? []
    : [`the check "${fault.check}" ended with ${ending.code}: ${ending.stderr}`];
}

function runCheckIn(folder: string, check: string): ReturnType<typeof runProgram> {
  return runProgram(`${folder}/tests/reliability/checks.ts`, [
    check,
    String(FEWER_TRIALS[check] ?? TRIALS),
  ], {
    config: `${folder}/deno.json`,
  });
}

async function copy(from: string, to: string): Promise<void> {
  const { isDirectory } = await Deno.stat(from);
  if (!isDirectory) {
    await Deno.mkdir(to.slice(0, to.lastIndexOf("/")), { recursive: true });
    await Deno.copyFile(from, to);
    return;
  }
  for await (const { name } of Deno.readDir(from)) await copy(`${from}/${name}`, `${to}/${name}`);
}
