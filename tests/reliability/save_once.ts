/**
 * Does one thing with a run, for strace to watch: `save_once.ts RUN save STEP` saves a checkpoint as the best, by the calls
 * that are in use; `save-counted` by synchronous ones; `clear-counted` deletes the run by those.
 *
 * @module
 */
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { clearRun, type RunDirectory, saveToRun } from "../../src/checkpoint/run_files.ts";
import { markCheckpoint } from "./marked_checkpoint.ts";
import { SYNCHRONOUS_FILE_SYSTEM } from "./synchronous_file_system.ts";

/** A run that is not opened: opening one makes calls on other threads. */
function nameRun(path: string): RunDirectory {
  return {
    path,
    runId: "save-once",
    fileSystem: SYNCHRONOUS_FILE_SYSTEM,
    check: () => Promise.resolve(),
    inTurn: (write) => write(),
    [Symbol.dispose]: () => {},
  };
}

if (import.meta.main) {
  const [path, deed, step] = Deno.args;
  if (deed === "clear-counted") {
    await clearRun(nameRun(path!));
  } else if (deed === "save-counted") {
    await saveToRun(nameRun(path!), markCheckpoint(Number(step)), { best: true });
  } else {
    using run = await openRun(path!);
    await saveToRun(run, markCheckpoint(Number(step)), { best: true });
  }
}
