/** The models of an ensemble's run, each a run in a directory of its own. @module */
import { type EnsembleState, memberPath, memberRunId, readEnsemble } from "./ensemble_file.ts";
import { parentOf } from "./files.ts";
import { LOCK_FILE } from "./lock.ts";
import { findRunId } from "./read_run.ts";
import { deleteRun, holdsRun } from "./run_directory.ts";
import { mayRead } from "./make_directory.ts";
import { ENSEMBLE_FILE } from "./run_names.ts";

/** A model of an ensemble that has begun. */
export interface BegunMember {
  /** Its number, from 1. */
  readonly number: number;
  /** Its directory. */
  readonly path: string;
}

const MEMBER = /^member-([1-9]\d{0,2})$/;

/** Lists the models of an ensemble that have begun, in order. One whose checkpoints are all damaged is among them. */
export async function listMembers(path: string, state: EnsembleState): Promise<BegunMember[]> {
  const begun: BegunMember[] = [];
  for (let number = 1; number <= state.models; number++) {
    const member = memberPath(path, number);
    if (!await holdsRun(member)) continue;
    const id = await findRunId(member);
    if (id === undefined || id === memberRunId(state, number)) begun.push({ number, path: member });
  }
  return begun;
}

/** Which directories of models are removed. */
export interface RemoveOptions {
  /** Says whether a run stays. @param id its identity; undefined if it has none that can be read */
  keeps(number: number, id: string | undefined): boolean;
  /** Number of a model whose directory is in use, and stays. */
  readonly except?: number;
}

/**
 * Removes the directories that were made in a run's directory for models of an ensemble. What is not theirs stays.
 *
 * @throws {Error} if another process writes to a model, or it cannot be deleted
 */
export async function removeMembers(path: string, { keeps, except }: RemoveOptions): Promise<void> {
  for (const number of await listNumbers(path)) {
    if (number === except) continue;
    const member = memberPath(path, number);
    if (await holdsRun(member)) {
      const id = await findRunId(member);
      const isOurs = id === undefined || id.endsWith(`-${number}`);
      if (isOurs && !keeps(number, id)) await deleteRun(member);
    } else if (await holdsAtMostALock(member)) await deleteRun(member);
  }
}

/** Finds the ensemble that a run is a model of; undefined if it is none. */
export async function findEnsembleOf(path: string): Promise<string | undefined> {
  const trimmed = path.replace(/(?<=.)\/+$/, "");
  const number = MEMBER.exec(trimmed.slice(trimmed.lastIndexOf("/") + 1))?.[1];
  if (number === undefined) return undefined;
  const parent = parentOf(trimmed);
  if (!await mayRead(`${parent}/${ENSEMBLE_FILE}`)) return undefined;
  const state = await readEnsemble(parent).catch((error) => {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined; // a damaged ensemble has no models
  });
  return state !== undefined && await findRunId(path) === memberRunId(state, Number(number))
    ? parent
    : undefined;
}

async function listNumbers(path: string): Promise<number[]> {
  const entries = await Array.fromAsync(Deno.readDir(path));
  return entries.flatMap(({ name, isDirectory }) => {
    const number = MEMBER.exec(name)?.[1];
    return isDirectory && number !== undefined ? [Number(number)] : [];
  }).sort((a, b) => b - a); // the first model last, so that an ensemble whose deletion is cut short can still answer
}

/** A model that has not begun leaves such a directory. */
async function holdsAtMostALock(member: string): Promise<boolean> {
  const names = (await Array.fromAsync(Deno.readDir(member))).map(({ name }) => name);
  return names.every((name) => name === LOCK_FILE);
}
