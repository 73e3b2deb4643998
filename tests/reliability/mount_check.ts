/** A full disk and a read-only one, where this process may mount them; each is gone with the process that used it. @module */
import { readRun } from "../../src/checkpoint/run_files.ts";
import { inFolder, runCarry, TINY_ARGUMENTS } from "./carry_process.ts";
import { createFailures, type Outcome } from "./check.ts";

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const CLI = new URL("../../cli.ts", import.meta.url).pathname;

/** Runs a shell in a mount table of its own. */
function runMounted(script: string, args: readonly string[]): Promise<Deno.CommandOutput> {
  return new Deno.Command("unshare", {
    args: ["--mount", "sh", "-c", script, "sh", ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
}

/** Says whether disks can be mounted here: on Linux, by root. */
export async function canMount(): Promise<boolean> {
  try {
    return (await runMounted("mount -t tmpfs none /tmp", [])).success;
  } catch {
    return false; // no unshare, or no permission to run it
  }
}

/** Trains on a disk too small for one checkpoint, and resumes on a read-only one. */
export async function checkMounts(): Promise<Outcome> {
  const failures = createFailures();
  failures.add("full", await inFolder(fillDisk));
  failures.add("read-only", await inFolder(resumeReadOnly));
  return { trials: 2, failures: failures.list };
}

function command(folder: string, args: readonly string[]): string[] {
  const permissions = [`--allow-read=${folder}`, `--allow-write=${folder}`];
  const run = [Deno.execPath(), "run", "--no-prompt", "--cached-only", "--no-check"];
  return [...run, "--config", CONFIG, ...permissions, CLI, "train", `--run=${folder}/run`, ...args];
}

async function fillDisk(folder: string): Promise<string[]> {
  const script = `mount -t tmpfs -o size=8k none ${folder} && "$@"; code=$?
    ls ${folder}/run >&2; exit $code`;
  const { code, stdout, stderr } = await runMounted(script, command(folder, TINY_ARGUMENTS));
  const text = new TextDecoder().decode(stderr);
  const trained = new TextDecoder().decode(stdout).includes("Epoch 1");
  return code === 1 && !trained &&
      /^Cannot save a checkpoint of \d+ bytes .*No space left/.test(text) &&
      !text.includes(".tmp")
    ? []
    : [`code ${code}: ${text}`];
}

async function resumeReadOnly(folder: string): Promise<string[]> {
  const run = `${folder}/run`;
  const first = await runCarry(["train", ...TINY_ARGUMENTS, "--epochs=1", `--run=${run}`]);
  const script = `mount --bind ${folder} ${folder} && mount -o remount,bind,ro ${folder} && "$@"`;
  const { code, stderr } = await runMounted(script, command(folder, ["--resume"]));
  const text = new TextDecoder().decode(stderr);
  const { skipped } = await readRun(run);
  return first.code === 0 && code === 1 && skipped.length === 0 &&
      /^Cannot write to the run .*[Rr]ead-only file system/.test(text)
    ? []
    : [`codes ${first.code} and ${code}: ${text}`];
}
