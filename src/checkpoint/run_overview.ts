/** Describes runs without loading their models. @module */
import { type EnsembleState, readEnsemble } from "./ensemble_file.ts";
import { listMembers } from "./ensemble_members.ts";
import { DENO_FILE_SYSTEM } from "./file_system.ts";
import { findLockHolder, type LockHolder } from "./lock.ts";
import { readRunNumber } from "./numbered_names.ts";
import { holdsRun } from "./run_directory.ts";
import { readRun } from "./read_run.ts";
import { RUN_FILES } from "./run_files.ts";
import { describeSystemError } from "./system_error.ts";

/** A run at a glance. */
export interface RunOverview {
  /** Its directory. */
  readonly path: string;
  /** Number of models of an ensemble; absent for one model. */
  readonly models?: number;
  /** Bytes of its files. */
  readonly sizeBytes: number;
  /** Who writes to it now. */
  readonly holder: LockHolder;
  /**
   * State of its newest checkpoint; undefined if none can be read. Of an ensemble: of those of all its models together, with the mean
   * of their exact matches.
   */
  readonly saved: SavedState | undefined;
  /** Files that could not be used, each with the reason. */
  readonly problems: readonly string[];
}

/** State of a run as its checkpoint says. */
export interface SavedState {
  /** When it was saved; null if the file system does not say. */
  readonly savedAt: Date | null;
  readonly step: number;
  /** Epochs done. */
  readonly epochs: number;
  /** Epochs of the whole training. */
  readonly plannedEpochs: number;
  /** Share of validation examples answered correctly after the last epoch, 0 to 1; null before the first epoch. */
  readonly exactMatch: number | null;
}

/**
 * Finds the runs in a directory: the directory itself if it is a run, with an ensemble's models that have begun; otherwise the runs
 * directly in it, numbered ones first.
 *
 * @throws {Error} if the directory cannot be read
 */
export async function listRuns(root: string): Promise<readonly string[]> {
  if (await holdsRun(root)) return [root, ...await listMemberPaths(root)];
  const found: string[] = [];
  for await (const { name, isFile } of Deno.readDir(root)) {
    if (!isFile && await holdsRun(`${root}/${name}`)) found.push(name);
  }
  return found.sort(compareNames).map((name) => `${root}/${name}`);
}

/** Lists the models of an ensemble that have begun; none if it cannot be read, which its description says. */
async function listMemberPaths(root: string): Promise<string[]> {
  const state = await readEnsemble(root).catch((error) => {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined;
  });
  return state === undefined ? [] : (await listMembers(root, state)).map(({ path }) => path);
}

/** Describes a run. It changes nothing. */
export async function describeRun(path: string): Promise<RunOverview> {
  let state: EnsembleState | undefined;
  try {
    state = await readEnsemble(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const [holder, sizeBytes] = [await findLockHolder(path), await sumSizes(path)];
    return { path, sizeBytes, holder, saved: undefined, problems: [(error as Error).message] };
  }
  return state === undefined ? await describeSingle(path) : await describeEnsemble(path, state);
}

/** Describes an ensemble by its models: sums, and the mean of their exact matches. */
async function describeEnsemble(path: string, state: EnsembleState): Promise<RunOverview> {
  const members: RunOverview[] = [];
  for (const member of await listMembers(path, state)) {
    members.push(await describeSingle(member.path));
  }
  const saved = members.flatMap((member) => member.saved ?? []);
  const times = saved.flatMap(({ savedAt }) => savedAt?.getTime() ?? []);
  const matches = saved.flatMap(({ exactMatch }) => exactMatch ?? []);
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  return {
    path,
    models: state.models,
    sizeBytes: await sumSizes(path) + sum(members.map(({ sizeBytes }) => sizeBytes)),
    holder: await findLockHolder(path),
    saved: {
      savedAt: times.length === 0 ? null : new Date(Math.max(...times)),
      step: sum(saved.map(({ step }) => step)),
      epochs: sum(saved.map(({ epochs }) => epochs)),
      plannedEpochs: state.models * state.training.epochs,
      exactMatch: matches.length === 0 ? null : sum(matches) / matches.length,
    },
    problems: members.flatMap(({ problems }) => problems),
  };
}

async function describeSingle(path: string): Promise<RunOverview> {
  const holder = await findLockHolder(path);
  const sizeBytes = await sumSizes(path);
  try {
    const { checkpoint, path: file, skipped } = await readRun(path);
    const { step, history } = checkpoint.progress;
    const saved = {
      savedAt: (await Deno.stat(file)).mtime,
      step,
      epochs: history.length,
      plannedEpochs: checkpoint.training.epochs,
      exactMatch: history.at(-1)?.exactMatch ?? null,
    };
    return { path, sizeBytes, holder, saved, problems: skipped };
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return { path, sizeBytes, holder, saved: undefined, problems: [describeSystemError(error)] };
  }
}

async function sumSizes(path: string): Promise<number> {
  let sum = 0;
  for (const name of RUN_FILES) {
    const file = `${path}/${name}`;
    if (await DENO_FILE_SYSTEM.isThere(file)) sum += (await Deno.lstat(file)).size;
  }
  return sum;
}

function compareNames(a: string, b: string): number {
  const [first, second] = [a, b].map((name) => readRunNumber(name) ?? Infinity);
  if (first !== second) return first! < second! ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
