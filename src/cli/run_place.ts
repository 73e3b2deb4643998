/** The place of a training's run. A new directory is made only when everything else is ready. @module */
import { DENO_FILE_SYSTEM } from "../checkpoint/file_system.ts";
import { parentOf, removeIfThere } from "../checkpoint/files.ts";
import { LOCK_FILE } from "../checkpoint/lock.ts";
import { createNumberedRun, DEFAULT_ROOT, holdsRun, openRun } from "../checkpoint/run_directory.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { findEnsembleOf, removeMembers } from "../checkpoint/ensemble_members.ts";
import { beginRun, type RunDirectory } from "../checkpoint/run_files.ts";
import { removeToken } from "../serve/token_file.ts";
import { printError } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** The place of a run. Disposing of it closes the run. If the run did not begin, it also removes what was made for it. */
export interface RunPlace extends AsyncDisposable {
  /** Says what an interruption before the training leaves. */
  readonly untouched: string;
  /** Opens the run, which no other process can write to then. */
  open(): Promise<RunDirectory>;
  /** Begins the run: saves its first checkpoint, and removes the run that was there before. */
  begin(run: RunDirectory, first: Checkpoint): Promise<void>;
  /** Notes that the run has begun, so that it is not removed. */
  keep(): void;
}

/** Takes the place of an existing run, to continue it or to overwrite it. */
export async function takeRun(path: string, runId?: string): Promise<RunPlace> {
  const run = await openRun(path, {
    onWarning: printError,
    ...(runId !== undefined && { runId }),
  });
  return {
    untouched: `the run "${path}" is unchanged`,
    open: () => Promise.resolve(run),
    begin: beginAlone,
    keep: () => {},
    [Symbol.asyncDispose]: () => Promise.resolve(run[Symbol.dispose]()),
  };
}

/** Begins the run of one model. Models of an ensemble that was there before are removed when the run is whole. */
async function beginAlone(run: RunDirectory, first: Checkpoint): Promise<void> {
  await beginRun(run, first);
  await removeMembers(run.path, { keeps: (_, id) => id === undefined });
}

/**
 * Finds the place of a new run. It makes nothing yet.
 *
 * @param path its directory; undefined for the next numbered one
 * @throws {UsageError} if the path cannot be a directory
 */
export async function findNewPlace(path: string | undefined): Promise<RunPlace> {
  const directory = path?.replace(/(?<=.)\/+$/, "") ?? DEFAULT_ROOT;
  await checkCanBeDirectory(directory);
  let run: RunDirectory | undefined;
  let made: string[] = [];
  let kept = false;
  return {
    untouched: "nothing was written",
    async open(): Promise<RunDirectory> {
      made = await findMissing(directory);
      run = path === undefined
        ? await createNumberedRun(DEFAULT_ROOT, { onWarning: printError })
        : await openRun(directory, { runId: crypto.randomUUID(), onWarning: printError });
      if (path === undefined) made.unshift(run.path);
      else await checkHoldsNoRun(directory); // another process may have been faster
      return run;
    },
    begin: beginAlone,
    keep: () => kept = true,
    async [Symbol.asyncDispose](): Promise<void> {
      if (!kept) await removeUnused(run?.path, made).catch(() => {}); // the earlier error is the one to report
      run?.[Symbol.dispose]();
    },
  };
}

/** Checks that a directory contains no run. @throws {UsageError} if it does, with advice */
export async function checkHoldsNoRun(path: string): Promise<void> {
  if (!await holdsRun(path)) return;
  throw new UsageError(
    `Cannot begin a run in "${path}": it already contains a run; add --resume to continue it, or --overwrite to replace it`,
  );
}

/** Refuses to change a model of an ensemble alone. @throws {UsageError} if the run is one */
export async function refuseMember(path: string, action: string): Promise<void> {
  const ensemble = await findEnsembleOf(path);
  if (ensemble === undefined) return;
  throw new UsageError(
    `Cannot ${action} "${path}": it is a model of the ensemble "${ensemble}"; name the ensemble`,
  );
}

/** Removes a run that did not begin. A directory with other files stays. */
async function removeUnused(run: string | undefined, made: readonly string[]): Promise<void> {
  if (run !== undefined && made.includes(run)) {
    await removeToken(run);
    await removeIfThere(`${run}/${LOCK_FILE}`); // held by this process
  }
  for (const folder of made) await Deno.remove(folder); // fails if it is not empty
}

/** Gives the directories that do not exist, the deepest first, as far up as may be read. */
async function findMissing(path: string): Promise<string[]> {
  const missing: string[] = [];
  for (let folder = path; await mayRead(folder); folder = parentOf(folder)) {
    if (await DENO_FILE_SYSTEM.isThere(folder)) break;
    missing.push(folder);
  }
  return missing;
}

async function checkCanBeDirectory(path: string): Promise<void> {
  const missing = await findMissing(path);
  const first = missing.length > 0 ? parentOf(missing.at(-1)!) : path;
  if (!await mayRead(first)) return;
  const found = await Deno.stat(first).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined; // a link to nothing
    throw error;
  });
  if (found?.isDirectory) return;
  throw new UsageError(
    `Cannot begin a run in "${path}": it must be a directory, but "${first}" is something else`,
  );
}

async function mayRead(path: string): Promise<boolean> {
  return (await Deno.permissions.query({ name: "read", path })).state === "granted";
}

/**
 * Checks that a run may be read and written. If a permission is missing, Deno asks for it on a terminal now, and not after
 * minutes of preparation.
 *
 * @throws {Deno.errors.NotCapable} if a permission is missing
 */
export async function requireAccess(path: string): Promise<void> {
  for (const name of ["write", "read"] as const) {
    const { state } = await Deno.permissions.request({ name, path });
    if (state === "granted") continue;
    throw new Deno.errors.NotCapable(
      `Requires ${name} access to "${path}", run again with the --allow-${name} flag`,
    );
  }
}
