/**
 * Reads a run: finds its newest good checkpoint, and checks that the files in its directory belong together.
 *
 * The identity in the files decides which run they belong to. A checkpoint of another run in the same directory is not used.
 *
 * @module
 */
import { checkValue } from "../arguments/resolve_options.ts";
import { choice as choiceOf, PATH } from "../arguments/rule.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { readCheckpoint, readCheckpointState } from "./checkpoint_file.ts";
import type { CheckpointState } from "./checkpoint_state.ts";
import { checkHasFiles, DENO_FILE_SYSTEM, FILE_SYSTEM, type FileSystem } from "./file_system.ts";
import { METRICS_LOG } from "./metrics_log.ts";
import { parseEvent } from "./parse_event.ts";
import { BEST, ENSEMBLE_FILE, EVENT_LOG, LATEST_FIRST } from "./run_names.ts";
import { describeSystemError } from "./system_error.ts";

/** A checkpoint of a run: the latest one, or that of the best epoch. */
export type CheckpointChoice = "latest" | "best";

/** Every choice, for checks. */
export const CHECKPOINT_CHOICES: readonly CheckpointChoice[] = ["latest", "best"];

/** A checkpoint that was read, and the files that were skipped. */
export interface FoundCheckpoint {
  /** The checkpoint. */
  readonly checkpoint: Checkpoint;
  /** Path of its file. */
  readonly path: string;
  /** Newer files that could not be used, each with the reason. */
  readonly skipped: readonly string[];
  /** Names of the files of the directory that have the identity of another run than the checkpoint. */
  readonly foreign: readonly string[];
  /** Sentences about files of another run, or a checkpoint that is older than the other files. */
  readonly warnings: readonly string[];
}

const ACTION = "read a run";

type Head = CheckpointState | undefined;

/** Bytes that are read to find the first line of a log. */
const FIRST_LINE_BYTES = 1 << 16;
/** Bytes that are read to find the last line of a log. */
const LAST_LINE_BYTES = 1 << 10;

/**
 * Reads a checkpoint of a run. If the latest one is missing or damaged, the newest good one before it is used, with the
 * reason in `skipped`. A checkpoint of another run is never used.
 *
 * @throws {TypeError | RangeError} if an argument has a wrong type or value
 * @throws {Error} if no checkpoint can be read, with the reason for each file
 */
export async function readRun(
  path: string,
  choice: CheckpointChoice = "latest",
  fileSystem: FileSystem = DENO_FILE_SYSTEM,
): Promise<FoundCheckpoint> {
  checkValue(ACTION, "its directory", path, PATH);
  checkValue(ACTION, "the choice", choice, choiceOf(CHECKPOINT_CHOICES));
  checkValue(ACTION, "the file system", fileSystem, FILE_SYSTEM);
  checkHasFiles(ACTION);
  await refuseEnsemble(path, fileSystem);
  const heads = await readHeads(path, fileSystem);
  const newest = findNewest(heads);
  const skipped: string[] = [];
  let isEmpty = true;
  for (const name of choice === "best" ? [BEST] : LATEST_FIRST) { // fault point: checkpoints to try
    const file = `${path}/${name}`;
    const head = heads.get(name);
    if (newest !== undefined && head !== undefined && !isSameRun(head, newest.state)) {
      skipped.push(`${file}: it belongs to another run than ${newest.name}`);
      isEmpty = false;
      continue;
    }
    try {
      using opened = await fileSystem.openFile(file);
      const checkpoint = await readCheckpoint(opened);
      const doubts = await findDoubts(path, { name, checkpoint, heads, fileSystem });
      return { checkpoint, path: file, skipped, ...doubts };
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      const missing = isMissing(error);
      if (!missing) isEmpty = false;
      skipped.push(`${file}: ${missing ? "it does not exist" : describeSystemError(error)}`); // fault point: name of a skipped file
    }
  }
  if (isEmpty) {
    const what = choice === "best" ? `${BEST} does not exist` : "the directory contains no run";
    throw new Error(`Cannot read a checkpoint of the run "${path}": ${what}`);
  }
  throw new Error(`Cannot read a checkpoint of the run "${path}": ${skipped.join("; ")}`);
}

/** Refuses the run of an ensemble. Checkpoints beside its file are what an interrupted `--overwrite` left. */
async function refuseEnsemble(path: string, fileSystem: FileSystem): Promise<void> {
  if (!await fileSystem.isThere(`${path}/${ENSEMBLE_FILE}`)) return;
  throw new Error(
    `Cannot read a checkpoint of the run "${path}": it is an ensemble of several models; name one of them, such as "${path}/member-1"`,
  );
}

/**
 * Finds the identity of the run in a directory. It is in the newest checkpoint whose header can be read, or in the best one if
 * there is no other. Undefined if there is no checkpoint, or it has no identity.
 */
export async function findRunId(
  path: string,
  fileSystem: FileSystem = DENO_FILE_SYSTEM,
): Promise<string | undefined> {
  const heads = await readHeads(path, fileSystem);
  return (findNewest(heads)?.state ?? heads.get(BEST))?.runId ?? undefined;
}

/** Reads one checkpoint file. @throws {Error} if it is missing or damaged */
export async function readCheckpointFile(path: string): Promise<Checkpoint> {
  checkHasFiles("read a checkpoint");
  try {
    using file = await DENO_FILE_SYSTEM.openFile(path);
    return await readCheckpoint(file);
  } catch (error) {
    if (error instanceof SyntaxError) throw new SyntaxError(`${path}: ${error.message}`);
    if (error instanceof RangeError || error instanceof TypeError) throw error;
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(`Cannot read the checkpoint "${path}": ${describeSystemError(error)}`, {
      cause: error,
    });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

/** Reads the header of each checkpoint, the oldest first. A save meanwhile can only make the ones that are read later newer. */
async function readHeads(path: string, fileSystem: FileSystem): Promise<Map<string, Head>> {
  const heads = new Map<string, Head>();
  for (const name of [BEST, ...LATEST_FIRST.toReversed()]) {
    try {
      using file = await fileSystem.openFile(`${path}/${name}`);
      heads.set(name, await readCheckpointState(file));
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
    }
  }
  return heads;
}

function findNewest(
  heads: ReadonlyMap<string, Head>,
): { readonly name: string; readonly state: CheckpointState } | undefined {
  const name = LATEST_FIRST.find((name) => heads.get(name) !== undefined);
  return name && { name, state: heads.get(name)! };
}

/**
 * Says whether a checkpoint belongs to the run of the newest one. If both have an identity, it must be the same. If one is
 * from before runs had an identity, the shorter history must be the beginning of the longer one, and may be at most one epoch
 * longer than that of the newest: a save that was cut short leaves such a file.
 */
function isSameRun(other: CheckpointState, newest: CheckpointState): boolean {
  if (other.runId !== null && newest.runId !== null) return other.runId === newest.runId;
  const settings = ({ problem, model }: CheckpointState): string =>
    JSON.stringify([problem, model]);
  if (settings(other) !== settings(newest)) return false;
  if (other.progress.history.length > newest.progress.history.length + 1) return false;
  const [short, long] = [other.progress.history, newest.progress.history].sort((a, b) =>
    a.length - b.length
  );
  return short!.every(({ step, elapsedMs, validationLoss }, i) => {
    const same = long![i]!;
    return step === same.step && elapsedMs === same.elapsedMs &&
      validationLoss === same.validationLoss;
  });
}

/** A checkpoint that was chosen, and the states of the others. */
interface Chosen {
  readonly name: string;
  readonly checkpoint: Checkpoint;
  readonly heads: ReadonlyMap<string, Head>;
  readonly fileSystem: FileSystem;
}

/** Checks that the files of a directory belong together. */
async function findDoubts(
  path: string,
  { name, checkpoint, heads, fileSystem }: Chosen,
): Promise<Pick<FoundCheckpoint, "foreign" | "warnings">> {
  const { step, history } = checkpoint.progress;
  const { runId } = checkpoint;
  const others = [...heads].filter(([, head]) => !isSameRun(head!, checkpoint));
  const logged = await readLoggedId(`${path}/${EVENT_LOG}`, fileSystem);
  const ids = new Map([...others.map(([other, head]) => [other, head!.runId] as const)]);
  if (runId !== null && typeof logged === "string" && logged !== runId) ids.set(EVENT_LOG, logged);
  const foreign = [...ids].filter(([, id]) => runId !== null && id !== null).map(([other]) =>
    other
  );
  const warnings = [...ids.keys()].map((other) =>
    `${path}/${other} belongs to another run than ${name}, so it is not used`
  );
  const before = LATEST_FIRST[LATEST_FIRST.findIndex((other) => other === name) + 1];
  const earlier = before === undefined || name === BEST ? undefined : heads.get(before);
  const older =
    `${path}/${name} is older than other files of the run: an older checkpoint may have been copied over it`;
  if (earlier !== undefined && !ids.has(before!) && earlier.progress.step > step) {
    warnings.push(
      `${older}; it was saved at step ${step}, but ${before} at step ${earlier.progress.step}`,
    );
  } else if (name === LATEST_FIRST[0]) {
    const epochs = await readLastEpoch(`${path}/${METRICS_LOG}`, fileSystem);
    const most = history.length + 1; // a save that was cut short writes the line of its epoch first
    if (epochs !== undefined && epochs > most) {
      warnings.push(`${older}; it has ${history.length} epochs, but ${METRICS_LOG} has ${epochs}`);
    }
  }
  return { foreign, warnings };
}

/** Reads the identity in the first line of a log; undefined if the line cannot be read. */
async function readLoggedId(
  path: string,
  fileSystem: FileSystem,
): Promise<string | null | undefined> {
  const text = await readPart(
    path,
    (sizeBytes) => [0, Math.min(sizeBytes, FIRST_LINE_BYTES)],
    fileSystem,
  );
  const end = text.indexOf("\n");
  try {
    const event = parseEvent(text.slice(0, Math.max(0, end)));
    return event.event === "start" ? event.runId : undefined;
  } catch {
    return undefined; // a damaged log says nothing about the run
  }
}

/** Reads the number of epochs in `metrics.jsonl`; undefined if it cannot be read. */
async function readLastEpoch(path: string, fileSystem: FileSystem): Promise<number | undefined> {
  const text = await readPart(path, (sizeBytes) => {
    const length = Math.min(sizeBytes, LAST_LINE_BYTES);
    return [sizeBytes - length, length];
  }, fileSystem);
  const epoch = /^\{"epoch":(\d{1,7}),/.exec(text.trimEnd().split("\n").at(-1)!)?.[1];
  return epoch === undefined ? undefined : Number(epoch);
}

async function readPart(
  path: string,
  choose: (sizeBytes: number) => readonly [at: number, length: number],
  fileSystem: FileSystem,
): Promise<string> {
  try {
    using file = await fileSystem.openFile(path);
    return new TextDecoder().decode(await file.read(...choose(file.sizeBytes)));
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return ""; // a run of the library has no log
  }
}
