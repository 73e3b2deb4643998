/** Memory runs out, within V8 or by the kernel's limit: the run goes on from its newest checkpoint. @module */
import { readRun } from "../../src/checkpoint/read_run.ts";
import { inFolder, runCarry, runProgram } from "./carry_process.ts";
import type { Outcome } from "./check.ts";
import { runLimited } from "./memory_limit.ts";

const HOG = new URL("./memory_hog.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
/** Steps that the hog takes and saves. */
const STEPS = 5;
/** Far above what training takes, and far below what V8 may have. */
const LIMIT_BYTES = 256 * 2 ** 20;
const KILLED = 137;

/** Lets the kernel kill a training for its memory. */
export function checkMemoryLimit(): Promise<Outcome> {
  return inFolder(async (folder) => {
    const run = `${folder}/run`;
    const flags = ["--no-prompt", "--cached-only", "--no-check", "--config", CONFIG, "-A"];
    const program = [Deno.execPath(), "run", ...flags, HOG, run, String(STEPS)];
    const { code, stdout } = await runLimited(LIMIT_BYTES, program);
    const said = new TextDecoder().decode(stdout).trim();
    const failures = code === KILLED && said === "saved"
      ? await resume(run)
      : [`the kernel did not kill it: it ended with ${code} and said "${said}"`];
    return { trials: 1, failures };
  });
}

/** Lets V8 run out of memory: it ends the process, and nothing can be caught. */
export async function exhaustMemory(folder: string): Promise<readonly string[]> {
  const run = `${folder}/run`;
  const permissions = ["-A", "--v8-flags=--max-old-space-size=64"];
  const { code, lines } = await runProgram(HOG, [run, String(STEPS)], { permissions });
  return code !== 0 && lines.join() === "saved"
    ? await resume(run)
    : [`it ended with ${code} and said "${lines}"`];
}

/** The run must go on with the step after the last that was saved, and come to its end. */
async function resume(run: string): Promise<readonly string[]> {
  const saved = (await readRun(run)).checkpoint.progress.step;
  const args = ["train", "--resume", "--json", "--log-every=1", "--backend=cpu", `--run=${run}`];
  const { code, lines, stderr } = await runCarry(args);
  const first = lines.find((line) => line.includes('"event":"step"')) ?? "{}";
  return saved === STEPS && code === 0 && JSON.parse(first).step === STEPS + 1 && stderr === ""
    ? []
    : [`step ${saved} was saved; resumed with ${first}, ended with ${code}: ${stderr}`];
}
