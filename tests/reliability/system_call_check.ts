/** strace makes each system call of a save fail, or end the process: the real ones, where there is strace. @module */
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { canRun } from "../permissions.ts";
import { inFolder } from "./carry_process.ts";
import { createFailures, type Outcome } from "./check.ts";
import { audit } from "./ledger.ts";
import { markCheckpoint } from "./marked_checkpoint.ts";

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const PROGRAM = new URL("./save_once.ts", import.meta.url).pathname;
const CALLS = ["openat", "write", "fsync", "rename", "unlink"];
const FAULTS = ["signal=KILL", "error=EIO", "error=ENOSPC"];
/** Checkpoints that are there before: the next save moves each. */
const SAVED = 3;
const NAMES = ["best", "latest", "previous", "previous-2", "previous-3"];

/** Says whether processes can be traced here. */
export async function canTrace(): Promise<boolean> {
  if (!canRun) return false;
  try {
    const args = ["-f", "-o", "/dev/null", "true"]; // it may be there and not be allowed to trace
    return (await new Deno.Command("strace", { args, stderr: "null" }).output()).success;
  } catch {
    return false; // no strace
  }
}

/** Saves a step in a process of its own under strace. */
export function traceSave(
  run: string,
  step: number,
  options: readonly string[],
): Promise<Deno.CommandOutput> {
  const deno = [Deno.execPath(), "run", "-A", "--cached-only", "--no-check", "--config", CONFIG];
  const args = ["-f", ...options, ...deno, PROGRAM, run, String(step)];
  return new Deno.Command("strace", { args, stdout: "null", stderr: "piped" }).output();
}

/**
 * Lets the first call of a kind go wrong, the second, and so on until there is none. strace counts by thread.
 *
 * @param kinds how many of the faults are tried
 */
export function checkSystemCalls(kinds: number): Promise<Outcome> {
  return inFolder(async (folder) => {
    const failures = createFailures();
    let trials = 0;
    for (const call of CALLS) {
      for (const fault of FAULTS.slice(0, kinds)) {
        for (let when = 1;; when++) {
          const injection = `${call}:${fault}:when=${when}`;
          const { fired, found } = await inject(`${folder}/${trials}`, injection);
          failures.add(injection, found);
          if (!fired) break;
          trials++;
        }
      }
    }
    return { trials, failures: failures.list };
  });
}

async function inject(
  folder: string,
  injection: string,
): Promise<{ fired: boolean; found: string[] }> {
  const path = `${folder}/run`;
  {
    using run = await openRun(path);
    for (let step = 1; step <= SAVED; step++) {
      await saveToRun(run, markCheckpoint(step), { best: true });
    }
  }
  const files = ["metrics.jsonl", ...NAMES.map((name) => `${name}.safetensors`)]
    .flatMap((name) => [`${path}/${name}`, `${path}/${name}.tmp`]);
  const places = [path, ...files].flatMap((file) => ["-P", file]);
  const call = injection.slice(0, injection.indexOf(":"));
  const log = `${folder}/calls`;
  const { code } = await traceSave(path, SAVED + 1, [
    ...places,
    ...["-o", log, "-e", `trace=${call}`, "-e", `inject=${injection}`],
  ]);
  const fired = code === 137 || (await Deno.readTextFile(log)).includes("(INJECTED)");
  const saving = { step: SAVED + 1, best: true };
  const ledger = code === 0
    ? { latest: saving.step, best: saving.step, abandoned: [], clearing: false }
    : { latest: SAVED, best: SAVED, saving, abandoned: [], clearing: false };
  const found = await audit(path, ledger);
  await Deno.remove(folder, { recursive: true });
  return { fired, found };
}
