/** Sends SIGINT and SIGTERM during training; the correct exit code must follow soon, and a checkpoint of the last step. @module */
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { readRun } from "../../src/checkpoint/read_run.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { inFolder, kill, runCarry, TINY_ARGUMENTS } from "./carry_process.ts";
import { createFailures, type Outcome } from "./check.ts";

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
/** Most time of an end, in addition to one save. */
const MOST_MS = 1000;

/** Sends signals, each to a new training. */
export function checkSignals(trials: number): Promise<Outcome> {
  return inFolder(async (folder) => {
    const failures = createFailures();
    let [slowestMs, slowestSaveMs] = [0, 0];
    for (let trial = 0; trial < trials; trial++) {
      const signal = trial % 2 === 0 ? "SIGINT" : "SIGTERM";
      const run = `${folder}/run-${trial}`;
      const after = `"step":${3 + trial % 20},`;
      let sentAt: number | undefined;
      const args = ["train", ...TINY_ARGUMENTS, "--epochs=5000", "--json", "--log-every=1"];
      const { code, lines, stderr } = await runCarry([...args, `--run=${run}`], {
        onLine(line, child): void {
          if (sentAt !== undefined || !line.includes(after)) return;
          sentAt = performance.now();
          kill(child, signal);
        },
      });
      const ms = performance.now() - (sentAt ?? -Infinity);
      slowestMs = Math.max(slowestMs, ms);
      const found: string[] = [];
      if (code !== EXIT_CODES[signal]) found.push(`the exit code was ${code}: ${stderr}`);
      if (!lines.at(-1)?.includes('"reason":"interrupted"')) {
        found.push(`the last line was ${lines.at(-1)}`);
      }
      const step = JSON.parse(lines.findLast((line) => line.includes('"event":"step"'))!).step;
      const { checkpoint, skipped } = await readRun(run);
      if (checkpoint.progress.step !== step || skipped.length > 0) {
        found.push(`step ${checkpoint.progress.step} was saved instead of ${step}`);
      }
      const saveMs = await timeSave(run, checkpoint);
      slowestSaveMs = Math.max(slowestSaveMs, saveMs);
      if (ms > MOST_MS + saveMs) found.push(`the end took ${ms} ms, a save ${saveMs} ms`);
      failures.add(`${signal} ${trial}`, found);
    }
    const peaks = {
      "slowest end, ms": Math.round(slowestMs),
      "slowest save, ms": Math.round(slowestSaveMs),
    };
    return { trials, failures: failures.list, peaks };
  });
}

/** Measures the time of another save of the same checkpoint in the same place. */
async function timeSave(path: string, checkpoint: Checkpoint): Promise<number> {
  using run = await openRun(path);
  const started = performance.now();
  await saveToRun(run, checkpoint);
  return performance.now() - started;
}
