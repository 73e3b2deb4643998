/** Trains on the command line. @module */
import { decodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { runCarry } from "../tasks/carry_program.ts";
import type { TimedTraining } from "./timed_training.ts";

/** Trains in a process of its own, in a folder that is deleted. @throws {Error} if it fails */
export async function trainOnCommandLine(options: readonly string[]): Promise<TimedTraining> {
  const run = await Deno.makeTempDir({ prefix: "carry-" });
  try {
    const args = ["train", "--backend=cpu", "--samples=5", "--overwrite", `--run=${run}/run`];
    await runCarry([...args, ...options], {
      onObject: () => {},
      signal: new AbortController().signal,
    });
    const { progress: { history } } = await decodeCheckpoint(
      await Deno.readFile(`${run}/run/latest.safetensors`),
    );
    return { epochMs: history.map(({ elapsedMs }) => elapsedMs), longTasks: [] };
  } finally {
    await Deno.remove(run, { recursive: true });
  }
}
