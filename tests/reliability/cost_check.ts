/** Measures the time for which a checkpoint delays training: it is copied from the device, hashed, written, synced and renamed. @module */
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { readRun } from "../../src/checkpoint/read_run.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { DEFAULT_INTERVAL_MS } from "../../src/cli/checkpoint_interval.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { countModelParameters, createModel } from "../../src/model/create_model.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";
import { inFolder } from "./carry_process.ts";
import { createFailures, type Outcome } from "./check.ts";

/** A hidden size that gives a million parameters. */
const MODEL = { ...TINY_MODEL, hiddenSize: 290 };
const LEAST_PARAMETERS = 1_000_000;
const MOST_MS = 100;
/** Largest share of the time between two checkpoints within an epoch. */
const MOST_SHARE = 0.01;

/** Saves several times. The least time counts, because other processes only add to it. Training waits for the save, not for reading. */
export function checkCost(trials: number): Promise<Outcome> {
  return inFolder(async (folder) => {
    using model = await createModel(MODEL, { device: await chooseDevice("cpu") });
    using training = createTraining(model);
    using run = await openRun(`${folder}/run`);
    const times: number[] = [];
    const reads: number[] = [];
    for (let trial = 0; trial <= trials; trial++) {
      const started = performance.now();
      await saveToRun(run, await takeCheckpoint(training, TINY_PROBLEM));
      const saved = performance.now();
      await readRun(run.path);
      if (trial > 0) times.push(saved - started); // the first one is the warm-up
      if (trial > 0) reads.push(performance.now() - saved);
    }
    const parameters = countModelParameters(model.config);
    const [ms, readMs] = [Math.min(...times), Math.min(...reads)];
    const share = ms / DEFAULT_INTERVAL_MS;
    const failures = createFailures();
    if (parameters < LEAST_PARAMETERS) {
      failures.add("model", [`it has only ${parameters} parameters`]);
    }
    if (ms > MOST_MS) failures.add("save", [`it takes ${ms.toFixed(1)} ms`]);
    if (share > MOST_SHARE) failures.add("save", [`it is ${share} of the interval`]);
    const note = [
      `${parameters} parameters: least ${ms.toFixed(1)} ms, median ${median(times).toFixed(1)} ms`,
      `${(100 * share).toFixed(2)} % of ${DEFAULT_INTERVAL_MS / 1000} s`,
      `reading it with every check ${readMs.toFixed(1)} ms`,
    ].join("; ");
    return { trials, failures: failures.list, note };
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
