/** Everything that happens to the files of a run: saves, rotations, best ones, a deletion, saves again. @module */
import { DENO_FILE_SYSTEM, type FileSystem } from "../../src/checkpoint/file_system.ts";
import { clearRun, type RunDirectory, saveToRun } from "../../src/checkpoint/run_files.ts";
import { acknowledgeClear, acknowledgeSave, type Ledger } from "./ledger.ts";
import { markCheckpoint } from "./marked_checkpoint.ts";

/** A run on a disk that has no other directory. */
export const SIMULATED_RUN: RunDirectory = {
  path: "run",
  runId: "life-of-a-run",
  fileSystem: DENO_FILE_SYSTEM, // every call names the disk
  check: () => Promise.resolve(),
  inTurn: (write) => write(),
  [Symbol.dispose]: () => {},
};

/** One thing that happens. */
export type Deed = { readonly save: number; readonly best: boolean } | "clear";

const save = (step: number, best = false): Deed => ({ save: step, best });

/** The whole life: long enough that the oldest checkpoint is overwritten. */
export const LIFE: readonly Deed[] = [
  save(1),
  save(2, true),
  save(3),
  save(4, true),
  save(5),
  save(6),
  "clear",
  save(11, true),
  save(12),
];

/** Does one thing, and keeps the ledger. */
export async function perform(deed: Deed, ledger: Ledger, fileSystem: FileSystem): Promise<void> {
  if (deed === "clear") {
    ledger.clearing = true;
    await clearRun(SIMULATED_RUN, fileSystem);
    acknowledgeClear(ledger);
    return;
  }
  const { save: step, best } = deed;
  ledger.saving = { step, best };
  await saveToRun(SIMULATED_RUN, markCheckpoint(step), { best, fileSystem });
  acknowledgeSave(ledger);
}
