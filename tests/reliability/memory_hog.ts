/** Saves twice, then asks for memory until there is none: `memory_hog.ts RUN`. @module */
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { markCheckpoint } from "./marked_checkpoint.ts";

if (import.meta.main) {
  using run = await openRun(Deno.args[0]!);
  for (const step of [1, 2]) await saveToRun(run, markCheckpoint(step));
  Deno.stdout.writeSync(new TextEncoder().encode("saved\n"));
  const hoard: number[][] = [];
  for (;;) hoard.push(Array.from({ length: 10_000 }, (_, i) => i + 0.5));
}
