/** Where a training keeps its run. A new directory is made only when everything else is ready. @module */
import { DENO_FILE_SYSTEM } from "../checkpoint/file_system.ts";
import { parentOf, removeIfThere } from "../checkpoint/files.ts";
import { LOCK_FILE } from "../checkpoint/lock.ts";
import { createNumberedRun, DEFAULT_ROOT, holdsRun, openRun } from "../checkpoint/run_directory.ts";
import type { RunDirectory } from "../checkpoint/run_files.ts";
import { removeToken } from "../serve/token_file.ts";
import { printError } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** The place of a run. Disposing of it lets go of the run, and removes what was made for one that did not begin. */
export interface RunPlace extends AsyncDisposable {
  /** In words for people: what is there after an interruption before the training. */
  readonly untouched: string;
  /** Gives the run, which no other process can write to. */
  open(): Promise<RunDirectory>;
  /** Notes that the run has begun: what was made stays. */
  keep(): void;
}

/** Takes the place of a run that is there: to go on with it, or to begin another one over it. */
export async function takeRun(path: string, runId?: string): Promise<RunPlace> {
  const run = await openRun(path, {
    onWarning: printError,
    ...(runId !== undefined && { runId }),
  });
  return {
    untouched: `the run "${path}" is as it was`,
    open: () => Promise.resolve(run),
    keep: () => {},
    [Symbol.asyncDispose]: () => Promise.resolve(run[Symbol.dispose]()),
  };
}

/**
 * Finds the place of a new run, and makes nothing yet.
 *
 * @param path its directory; undefined: the next numbered one
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
    keep: () => kept = true,
    async [Symbol.asyncDispose](): Promise<void> {
      if (!kept) await removeUnused(run?.path, made).catch(() => {}); // what went wrong before is what to report
      run?.[Symbol.dispose]();
    },
  };
}

/** Checks that a directory holds no run. @throws {UsageError} if it does, with what to do */
export async function checkHoldsNoRun(path: string): Promise<void> {
  if (!await holdsRun(path)) return;
  throw new UsageError(
    `Cannot train into "${path}": it holds a run already; add --resume to go on with it, or --overwrite to start again`,
  );
}

/** Removes a run that did not begin. A directory that holds anything else stays. */
async function removeUnused(run: string | undefined, made: readonly string[]): Promise<void> {
  if (run !== undefined && made.includes(run)) {
    await removeToken(run);
    await removeIfThere(`${run}/${LOCK_FILE}`); // held by this process
  }
  for (const folder of made) await Deno.remove(folder); // fails where something else is in it
}

/** Gives the directories that are not there, the deepest first, as far up as may be read. */
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
    `Cannot train into "${path}": it must be a directory, but "${first}" is something else`,
  );
}

async function mayRead(path: string): Promise<boolean> {
  return (await Deno.permissions.query({ name: "read", path })).state === "granted";
}

/**
 * Checks that a run may be read and written. Without the permissions a terminal asks for them now, not after minutes of
 * preparation.
 *
 * @throws {Deno.errors.NotCapable} if one is missing
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
