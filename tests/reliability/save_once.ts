/** Saves the checkpoint of a step as the best: `save_once.ts RUN STEP`. @module */
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { markCheckpoint } from "./marked_checkpoint.ts";

if (import.meta.main) {
  using run = await openRun(Deno.args[0]!);
  await saveToRun(run, markCheckpoint(Number(Deno.args[1])), { best: true });
}
