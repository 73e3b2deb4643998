/** The places of an ensemble's models: directories in the directory of one run. @module */
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import {
  type EnsembleState,
  memberPath,
  memberRunId,
  writeEnsemble,
} from "../checkpoint/ensemble_file.ts";
import { removeMembers } from "../checkpoint/ensemble_members.ts";
import { removeIfThere } from "../checkpoint/files.ts";
import { LOCK_FILE } from "../checkpoint/lock.ts";
import { holdsRun, openRun } from "../checkpoint/run_directory.ts";
import {
  beginRun,
  rehearseSave,
  removeForeignFiles,
  RUN_FILES,
  type RunDirectory,
} from "../checkpoint/run_files.ts";
import { ENSEMBLE_FILE } from "../checkpoint/run_names.ts";
import type { RunPlace } from "./run_place.ts";
import { printError } from "./terminal.ts";

/** The place of an ensemble. */
export interface EnsemblePlace {
  /** Gives the place of a model. @param number from 1 */
  placeOf(number: number): RunPlace;
}

/** An ensemble, and where it is. */
export interface EnsembleAt {
  readonly state: EnsembleState;
  /** The place of its run. */
  readonly place: RunPlace;
  /** Whether `ensemble.json` is there and says the same as the state. */
  readonly isWritten: boolean;
  /** Whether it is a new ensemble, or one that is continued. */
  readonly isNew: boolean;
}

/**
 * Makes the place of an ensemble. `ensemble.json` is written when the first checkpoint of a new ensemble is known to fit, and before it
 * is saved: whatever ends the program then, the ensemble can be continued. What was in the directory before is whole until then,
 * and is removed after it.
 */
export function createEnsemblePlace(
  { state, place, isWritten, isNew }: EnsembleAt,
): EnsemblePlace {
  let outer: RunDirectory | undefined;
  let written = isWritten;
  let begun = !isNew;
  let settled = false;

  async function openOuter(): Promise<RunDirectory> {
    outer ??= await place.open();
    if (begun && !settled) await settle(outer);
    return outer;
  }

  /** Writes the file if it says something else, and removes what is left of a run that was there before. */
  async function settle(run: RunDirectory, except?: number): Promise<void> {
    if (!written) await writeEnsemble(run, state);
    written = settled = true;
    await removeForeignFiles(run, RUN_FILES.filter((name) => name !== ENSEMBLE_FILE));
    const keeps = (number: number, id: string | undefined): boolean =>
      begun && number <= state.models && (id === undefined || id === memberRunId(state, number));
    await removeMembers(run.path, { keeps, ...(except !== undefined && { except }) });
    begun = true;
    place.keep();
  }

  function placeOf(number: number): RunPlace {
    let run: RunDirectory | undefined;
    let isThere = false;
    let kept = false;
    return {
      untouched: begun ? "the models before it are saved" : place.untouched,
      async open(): Promise<RunDirectory> {
        const path = memberPath((await openOuter()).path, number);
        isThere = await holdsRun(path);
        run = await openRun(path, { runId: memberRunId(state, number), onWarning: printError });
        return run;
      },
      async begin(run: RunDirectory, first: Checkpoint): Promise<void> {
        if (!begun) {
          await rehearseSave(run, first);
          await settle(outer!, number);
        }
        await beginRun(run, first);
      },
      keep: () => kept = true,
      async [Symbol.asyncDispose](): Promise<void> {
        if (!kept && !isThere && run !== undefined) await removeUnused(run.path);
        run?.[Symbol.dispose]();
      },
    };
  }

  return { placeOf };
}

/** Removes the directory of a model that did not begin. One with other files stays. */
async function removeUnused(path: string): Promise<void> {
  try {
    await removeIfThere(`${path}/${LOCK_FILE}`); // held by this process
    await Deno.remove(path);
  } catch { /* the earlier error is the one to report */ }
}
