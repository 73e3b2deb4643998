/** `runs delete`: removes the files of runs, and no others. @module */
import { findEnsembleOf, removeMembers } from "../checkpoint/ensemble_members.ts";
import { DENO_FILE_SYSTEM, describeKind } from "../checkpoint/file_system.ts";
import { findLockHolder, LOCK_FILE } from "../checkpoint/lock.ts";
import { DEFAULT_ROOT, deleteRun, holdsRun } from "../checkpoint/run_directory.ts";
import { ENSEMBLE_FILE } from "../checkpoint/run_names.ts";
import { removeToken } from "../serve/token_file.ts";
import { print, printError, printJson } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** How to delete. */
export interface DeleteRunsOptions {
  /** Whether to delete without a question. */
  readonly yes: boolean;
  /** Whether to print JSON. */
  readonly json: boolean;
}

/** Most bytes of an answer that are read. */
const MAX_ANSWER_BYTES = 256;

/**
 * Deletes runs. All of them are checked before the first is deleted.
 *
 * @param names names of runs under ./checkpoints, or paths, which have a "/"
 * @returns the exit code: 1 if the user did not confirm
 */
export async function deleteRuns(
  names: readonly string[],
  { yes, json }: DeleteRunsOptions,
): Promise<number> {
  if (names.length === 0) {
    throw new UsageError(
      "Cannot delete: no run is named; name one or more, as in runs delete run-0001",
    );
  }
  const paths = names.map(toPath);
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined) {
    throw new UsageError(
      `Cannot delete: every run must be named once, but "${twice}" is named twice`,
    );
  }
  for (const path of paths) await checkMayBeDeleted(path);
  if (!yes && !await ask(paths)) {
    printError("Nothing was deleted");
    return 1;
  }
  for (const path of paths) {
    const isEnsemble = await DENO_FILE_SYSTEM.isThere(`${path}/${ENSEMBLE_FILE}`);
    const left = await deleteRun(path, async () => {
      await removeMembers(path, { keeps: (_, id) => id === undefined && !isEnsemble });
      await removeToken(path);
    });
    if (json) printJson({ run: path, deleted: true, left });
    else print(describeDeletion(path, left));
  }
  return 0;
}

function toPath(name: string): string {
  if (name === "" || name === "." || name === "..") {
    throw new UsageError(`Cannot delete "${name}": it must be the name of a run, or a path`);
  }
  return name.includes("/") ? name.replace(/(?<=.)\/+$/, "") : `${DEFAULT_ROOT}/${name}`;
}

/** Checks that a path is a run that no process uses. A directory with only a lock is left by a deletion that was cut short. */
async function checkMayBeDeleted(path: string): Promise<void> {
  const found = await Deno.lstat(path).catch((error) => {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined; // the reason does not matter
  });
  const refuse = (why: string): never => {
    throw new Error(`Cannot delete the run "${path}": ${why}`);
  };
  if (found === undefined) return refuse("it does not exist");
  if (found.isSymlink) refuse("it is a link; name the directory that it leads to");
  if (!found.isDirectory) refuse(`it must be a directory, but is ${describeKind(found)}`);
  const names = (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name);
  const isCutShort = names.length === 1 && names[0] === LOCK_FILE;
  if (!isCutShort && !await holdsRun(path)) refuse("the directory contains no run");
  const ensemble = await findEnsembleOf(path);
  if (ensemble !== undefined) {
    refuse(`it is a model of the ensemble "${ensemble}"; delete the ensemble`);
  }
  const holder = await findLockHolder(path);
  if (typeof holder === "object") refuse(`it is in use by the process ${holder.pid}`);
}

/** Asks on the terminal. @throws {UsageError} if standard input is not a terminal */
async function ask(paths: readonly string[]): Promise<boolean> {
  if (!Deno.stdin.isTerminal()) {
    throw new UsageError(
      "Cannot delete without a confirmation: standard input is not a terminal, so no question can be asked; add --yes",
    );
  }
  for (const path of paths) printError(path);
  printError(`Delete ${paths.length === 1 ? "this run" : `these ${paths.length} runs`}? [y/N]`);
  const bytes = new Uint8Array(MAX_ANSWER_BYTES);
  const length = await Deno.stdin.read(bytes) ?? 0;
  return /^y(es)?\s*$/i.test(new TextDecoder().decode(bytes.subarray(0, length)));
}

function describeDeletion(path: string, left: readonly string[]): string {
  if (left.length === 0) return `Deleted ${path}`;
  return `Deleted the run in ${path}; the directory stays, because it also contains ${
    left.join(", ")
  }`;
}
