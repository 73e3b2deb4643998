/** Uses strace to make each system call of a save, a rotation, a new run and a deletion fail, or end the process. @module */
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { inFolder } from "./carry_process.ts";
import { createFailures, type Outcome } from "./check.ts";
import { forEachConcurrently, LANES } from "./concurrently.ts";
import { audit, type Ledger } from "./ledger.ts";
import { markCheckpoint } from "./marked_checkpoint.ts";
import { RUN_BEFORE } from "./save_once.ts";
import { traceProgram } from "./traced.ts";

const CALLS = ["openat", "write", "fsync", "rename", "unlink"];
const FAULTS = ["signal=KILL", "error=EIO", "error=ENOSPC"];
/** Number of checkpoints before the traced save, which moves each. */
const SAVED = 3;
const NAMES = ["best", "latest", "previous", "previous-2", "previous-3"];
/** Numbers in the temporary names of the three files that a save writes. */
const TEMPORARY_NUMBERS = ["1", "2", "3"];
const ACTIONS = ["save-counted", "begin-counted", "clear-counted"] as const;

type Action = typeof ACTIONS[number];

/**
 * Counts the calls on the files of a run and on its directory, then makes the first call of a kind fail, then the second, and so
 * on. One thread makes all calls, because strace counts per thread. A write that is cut short is not among the faults, because
 * strace cannot make one that writes a part; the checks with a full disk and with an injected file system test it.
 *
 * @param kinds number of faults that are tried
 */
export function checkSystemCalls(kinds: number): Promise<Outcome> {
  return inFolder(async (folder) => {
    const failures = createFailures();
    const sums: Record<string, number> = {};
    const injections: [Action, string][] = [];
    for (const action of ACTIONS) {
      for (const [call, count] of Object.entries(await countCalls(folder, action))) {
        sums[call] = (sums[call] ?? 0) + count;
        for (const fault of FAULTS.slice(0, kinds)) {
          for (let when = 1; when <= count; when++) {
            injections.push([action, `${call}:${fault}:when=${when}`]);
          }
        }
      }
    }
    await forEachConcurrently(injections, LANES, async ([action, injection], lane) => {
      const found = await inject(`${folder}/${lane}`, action, injection);
      failures.add(`${action}, ${injection}`, found);
    });
    return { trials: injections.length, failures: failures.list, sums };
  });
}

async function countCalls(folder: string, action: Action): Promise<Record<string, number>> {
  const { log } = await traceInNewRun(folder, action, [`trace=${CALLS}`]);
  const counts = CALLS.map((call): [string, number] => [
    call,
    log.filter((line) => new RegExp(`^\\d+ +${call}\\(`).test(line)).length,
  ]);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

async function inject(folder: string, action: Action, injection: string): Promise<string[]> {
  const call = injection.slice(0, injection.indexOf(":"));
  const { log, code, found } = await traceInNewRun(folder, action, [
    `trace=${call}`,
    `inject=${injection}`,
  ]);
  const fired = code === 137 || log.some((line) => line.includes("(INJECTED)"));
  return fired ? found : [...found, "the fault did not happen"];
}

/** Makes a run, does one action with it under strace, checks the files that are left, and removes them. */
async function traceInNewRun(
  folder: string,
  action: Action,
  expressions: readonly string[],
): Promise<{ log: string[]; code: number; found: string[] }> {
  const path = `${folder}/run`;
  {
    using run = await openRun(path, { runId: RUN_BEFORE });
    for (let step = 1; step <= SAVED; step++) {
      await saveToRun(run, markCheckpoint(step), { best: true });
    }
  }
  const files = ["metrics.jsonl", ...NAMES.map((name) => `${name}.safetensors`)]
    .flatMap((name) => [
      `${path}/${name}`,
      ...TEMPORARY_NUMBERS.map((number) => `${path}/${name}.${number.padStart(16, "0")}.tmp`),
    ]);
  const places = [path, ...files].flatMap((file) => ["-P", file]);
  const options = expressions.flatMap((expression) => ["-e", expression]);
  const log = `${folder}/calls`;
  const { code } = await traceProgram([path, action, String(SAVED + 1)], [
    ...places,
    ...["-o", log],
    ...options,
  ]);
  const found = await audit(path, expect(action, code));
  const lines = (await Deno.readTextFile(log)).split("\n");
  await Deno.remove(path, { recursive: true });
  return { log: lines, code, found };
}

/** Gives the ledger after the action has ended with a code. */
function expect(action: Action, code: number): Ledger {
  const before = { latest: SAVED, best: SAVED, abandoned: [], clearing: false };
  if (action === "clear-counted") {
    return code === 0 ? { abandoned: [], clearing: false } : { ...before, clearing: true };
  }
  const begins = action === "begin-counted";
  const saving = { step: SAVED + 1, best: !begins, begins };
  return code === 0
    ? { ...before, latest: saving.step, best: begins ? undefined : saving.step }
    : { ...before, saving };
}
