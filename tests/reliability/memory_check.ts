/** Exhausts memory, in V8 or by a limit of the kernel; the run must continue from its newest checkpoint. @module */
import { readRun } from "../../src/checkpoint/read_run.ts";
import { inFolder, runCarry, runProgram } from "./carry_process.ts";
import type { Outcome } from "./check.ts";
import { runLimited } from "./memory_limit.ts";

const HOG = new URL("./memory_hog.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
/** Steps that memory_hog.ts takes and saves. */
const STEPS = 5;
/** Limit far above the memory of training, and far below that of V8. */
const LIMIT_BYTES = 256 * 2 ** 20;
const KILLED = 137;

/** Makes the kernel kill a training for its memory. */
export function checkMemoryLimit(): Promise<Outcome> {
  return inFolder(async (folder) => {
    const run = `${folder}/run`;
    const flags = ["--no-prompt", "--cached-only", "--no-check", "--config", CONFIG, "-A"];
    const program = [Deno.execPath(), "run", ...flags, HOG, run, String(STEPS)];
    const { code, stdout } = await runLimited(LIMIT_BYTES, program);
    const said = new TextDecoder().decode(stdout).trim();
    const failures = code === KILLED && said === "saved"
      ? await resume(run)
      : [`the kernel did not kill the process: it ended with ${code} and printed "${said}"`];
    return { trials: 1, failures };
  });
}

/** Makes V8 run out of memory. It then ends the process, and no error can be caught. */
export async function exhaustMemory(folder: string): Promise<readonly string[]> {
  const run = `${folder}/run`;
  const permissions = ["-A", "--v8-flags=--max-old-space-size=64"];
  const { code, lines } = await runProgram(HOG, [run, String(STEPS)], { permissions });
  return code !== 0 && lines.join() === "saved"
    ? await resume(run)
    : [`the process ended with ${code} and printed "${lines}"`];
}

/** Resumes the run. It must continue with the step after the last saved one, and reach its end. */
async function resume(run: string): Promise<readonly string[]> {
  const saved = (await readRun(run)).checkpoint.progress.step;
  const args = ["train", "--resume", "--json", "--log-every=1", "--backend=cpu", `--run=${run}`];
  const { code, lines, stderr } = await runCarry(args);
  const first = lines.find((line) => line.includes('"event":"step"')) ?? "{}";
  return saved === STEPS && code === 0 && JSON.parse(first).step === STEPS + 1 && stderr === ""
    ? []
    : [`step ${saved} was saved; resumed with ${first}, ended with ${code}: ${stderr}`];
}
