/** Performs all actions on the files of a run: saves, rotations, best checkpoints, a deletion, another run in its place. @module */
import { DENO_FILE_SYSTEM, type FileSystem } from "../../src/checkpoint/file_system.ts";
import {
  beginRun,
  clearRun,
  type RunDirectory,
  saveToRun,
} from "../../src/checkpoint/run_files.ts";
import { acknowledgeClear, acknowledgeSave, type Ledger } from "./ledger.ts";
import { markCheckpoint } from "./marked_checkpoint.ts";

/** A run on a disk that has no other directory. */
export const SIMULATED_RUN: RunDirectory = {
  path: "run",
  runId: "life-of-a-run",
  fileSystem: DENO_FILE_SYSTEM, // every call is given the disk instead
  check: () => Promise.resolve(),
  inTurn: (write) => write(),
  [Symbol.dispose]: () => {},
};

/** One action. */
export type Action =
  | { readonly save: number; readonly best: boolean }
  | { readonly begin: number }
  | "clear";

const save = (step: number, best = false): Action => ({ save: step, best });

/** All actions: enough of them that the oldest checkpoint is overwritten. */
export const LIFE: readonly Action[] = [
  save(1),
  save(2, true),
  save(3),
  save(4, true),
  save(5),
  save(6),
  "clear",
  save(11, true),
  save(12),
  { begin: 21 },
  save(22),
  save(23, true),
  { begin: 31 },
];

/** Performs one action, and updates the ledger. */
export async function perform(
  action: Action,
  ledger: Ledger,
  fileSystem: FileSystem,
): Promise<void> {
  if (action === "clear") {
    ledger.clearing = true;
    await clearRun(SIMULATED_RUN, fileSystem);
    acknowledgeClear(ledger);
    return;
  }
  if ("begin" in action) {
    const { begin: step } = action;
    ledger.saving = { step, best: false, begins: true };
    await beginRun(nameRun(step), markCheckpoint(step), fileSystem);
  } else {
    const { save: step, best } = action;
    ledger.saving = { step, best };
    await saveToRun(nameRun(step), markCheckpoint(step), { best, fileSystem });
  }
  acknowledgeSave(ledger);
}

/** Gives the run of a step; every ten steps begin a new one. */
function nameRun(step: number): RunDirectory {
  return { ...SIMULATED_RUN, runId: `run-${Math.floor(step / 10)}` };
}
