/**
 * Does one action with a run, for strace to trace. `save_once.ts RUN save STEP` saves a checkpoint as the best, by the calls that
 * the product uses; `save-counted` uses synchronous calls. With these, `clear-counted` deletes the run, and `begin-counted` begins
 * another in its place.
 *
 * @module
 */
import { openRun } from "../../src/checkpoint/run_directory.ts";
import {
  beginRun,
  clearRun,
  type RunDirectory,
  saveToRun,
} from "../../src/checkpoint/run_files.ts";
import { markCheckpoint } from "./marked_checkpoint.ts";
import { SYNCHRONOUS_FILE_SYSTEM } from "./synchronous_file_system.ts";

/** The identity of the run that exists before. */
export const RUN_BEFORE = "before";

/** Gives a run without opening it, because opening makes calls on other threads. */
function nameRun(path: string, runId: string): RunDirectory {
  return {
    path,
    runId,
    fileSystem: SYNCHRONOUS_FILE_SYSTEM,
    check: () => Promise.resolve(),
    inTurn: (write) => write(),
    [Symbol.dispose]: () => {},
  };
}

if (import.meta.main) {
  const [path, action, step] = Deno.args;
  if (action === "clear-counted") {
    await clearRun(nameRun(path!, RUN_BEFORE));
  } else if (action === "begin-counted") {
    await beginRun(nameRun(path!, "after"), markCheckpoint(Number(step)));
  } else if (action === "save-counted") {
    await saveToRun(nameRun(path!, RUN_BEFORE), markCheckpoint(Number(step)), { best: true });
  } else {
    // deno-lint-ignore no-console -- the warning is what is tested
    using run = await openRun(path!, { onWarning: console.error });
    await saveToRun(run, markCheckpoint(Number(step)), { best: true });
  }
}
