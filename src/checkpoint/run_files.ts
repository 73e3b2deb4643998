/**
 * The files of a run: `latest.safetensors`, the three before it, the best one, and `metrics.jsonl`; of an ensemble's run,
 * `ensemble.json`.
 *
 * @module
 */
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { BOOLEAN, type Fault, isObject, objectRule } from "../arguments/rule.ts";
import { type Checkpoint, encodeCheckpoint } from "./checkpoint.ts";
import { FILE_SYSTEM, type FileSystem } from "./file_system.ts";
import { rehearseReplace, removeIfThere, replaceFile } from "./files.ts";
import { MAX_FILE_BYTES } from "./limits.ts";
import { METRICS_LOG, writeMetricsLog } from "./metrics_log.ts";
import { BEST, ENSEMBLE_FILE, EVENT_LOG, LATEST_FIRST } from "./run_names.ts";
import { describeSystemError } from "./system_error.ts";

/** A run that only this process writes to, until it is disposed of. */
export interface RunDirectory extends Disposable {
  /** Path of the directory. */
  readonly path: string;
  /** Identity of the run, written into every checkpoint that is saved here. */
  readonly runId: string;
  /** The file system that writes it. */
  readonly fileSystem: FileSystem;
  /**
   * Checks before a save that the directory is still the one that was opened.
   *
   * @throws {Error} if the directory was deleted, or another one took its place
   */
  check(): Promise<void>;
  /**
   * Writes to the run when all earlier writes are done. Writes that were requested before the run is disposed of are still
   * done.
   *
   * @throws {Error} if the run was disposed of
   */
  inTurn<T>(write: () => Promise<T>): Promise<T>;
}

/** How to save. */
export interface SaveOptions {
  /** Whether it is the best checkpoint of its run so far. Default false. */
  readonly best?: boolean;
  /** Default: that of the run. */
  readonly fileSystem?: FileSystem;
}

/** The files of a run, the most important last: a deletion in this order that is cut short leaves a run that can be resumed. */
export const RUN_FILES: readonly string[] = [
  EVENT_LOG,
  METRICS_LOG,
  BEST,
  ...LATEST_FIRST.toReversed(), // fault point: order of a deletion
  ENSEMBLE_FILE,
];

const SAVE = "save a checkpoint";

const RUN = {
  must: "a run, as openRun() gives",
  findFault: (value: unknown): Fault | undefined =>
    isObject(value) && typeof value.path === "string" && typeof value.inTurn === "function"
      ? undefined
      : "type",
};

const SAVE_RULES: Rules<SaveOptions> = { best: BOOLEAN, fileSystem: FILE_SYSTEM };

/**
 * Saves a checkpoint as the latest of its run. The latest before it becomes the previous one, and so on; four are kept. The
 * file gets the identity of the run, even if the checkpoint had another one. When this returns, the checkpoint is on the disk.
 * The latest checkpoint is replaced last; until then, the save is not done. Saves of one run are made one after another, in the
 * order of the calls. {@linkcode loadModel} has an example.
 *
 * @returns the path of the file
 * @throws {TypeError} if an argument or an option has a wrong type
 * @throws {Error} if it cannot be saved, with the reason; earlier checkpoints are kept
 */
export async function saveToRun(
  run: RunDirectory,
  checkpoint: Checkpoint,
  options: SaveOptions = {},
): Promise<string> {
  checkValue(SAVE, "the run", run, RUN);
  checkValue(SAVE, "the checkpoint", checkpoint, objectRule());
  const { best, fileSystem } = resolveOptions(options, {
    action: SAVE,
    rules: SAVE_RULES,
    defaults: { best: false, fileSystem: run.fileSystem },
  });
  const [path, ...keepAs] = LATEST_FIRST.map((name) => `${run.path}/${name}`);
  await writeCheckpoint(run, checkpoint, async (bytes) => {
    if (best) await replaceFile(`${run.path}/${BEST}`, [bytes], { fileSystem }); // fault point: save of the best
    await writeMetricsLog(`${run.path}/${METRICS_LOG}`, checkpoint.progress.history, fileSystem); // fault point: save of the log
    await replaceFile(path!, [bytes], { keepAs, fileSystem }); // fault point: save of the latest
  });
  return path!;
}

/**
 * Finds out before training whether a checkpoint can be saved. It changes nothing.
 *
 * @throws {Error} if it cannot be saved, with the reason
 */
export async function rehearseSave(
  run: RunDirectory,
  checkpoint: Checkpoint,
  fileSystem: FileSystem = run.fileSystem,
): Promise<void> {
  const path = `${run.path}/${LATEST_FIRST[0]}`;
  await writeCheckpoint(run, checkpoint, (bytes) => rehearseReplace(path, [bytes], fileSystem));
}

/**
 * Begins a run: saves its first checkpoint as the latest one, then removes the files of an old run in the same directory. The
 * old run is whole until its latest checkpoint is replaced. From then on the new run is whole, because `readRun()` does not use
 * files with another identity.
 *
 * @returns the path of the file
 * @throws {Error} if it cannot be saved, with the reason; the old run is then unchanged
 */
export async function beginRun(
  run: RunDirectory,
  checkpoint: Checkpoint,
  fileSystem: FileSystem = run.fileSystem,
): Promise<string> {
  const path = `${run.path}/${LATEST_FIRST[0]}`;
  await writeCheckpoint(run, checkpoint, async (bytes) => {
    await replaceFile(path, [bytes], { fileSystem }); // fault point: first save
    for (const name of RUN_FILES) {
      if (name !== LATEST_FIRST[0]) await removeIfThere(`${run.path}/${name}`, fileSystem); // fault point: removal of the run before
    }
    await writeMetricsLog(`${run.path}/${METRICS_LOG}`, checkpoint.progress.history, fileSystem); // fault point: first log
  });
  return path;
}

/**
 * Removes the files of a run, and no others. The latest checkpoint is removed after the removal of the others is on the disk, so
 * until then the run can be resumed.
 */
export async function clearRun(
  run: RunDirectory,
  fileSystem: FileSystem = run.fileSystem,
): Promise<void> {
  await run.inTurn(async () => {
    for (const name of RUN_FILES) {
      if (name === LATEST_FIRST[0]) await fileSystem.syncDirectory(run.path); // fault point: sync before the last removal
      await removeIfThere(`${run.path}/${name}`, fileSystem);
    }
    await fileSystem.syncDirectory(run.path); // fault point: sync of a deletion
  });
}

/** Removes files of a run's directory that another run left there. */
export async function removeForeignFiles(
  run: RunDirectory,
  names: readonly string[],
  fileSystem: FileSystem = run.fileSystem,
): Promise<void> {
  await run.inTurn(async () => {
    for (const name of names) await removeIfThere(`${run.path}/${name}`, fileSystem);
    await fileSystem.syncDirectory(run.path);
  });
}

/** Encodes a checkpoint now, and writes it when its turn comes, if the run was not replaced meanwhile. */
async function writeCheckpoint(
  run: RunDirectory,
  checkpoint: Checkpoint,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const encoding = encodeCheckpoint({ ...checkpoint, runId: run.runId });
  encoding.catch(() => {}); // it is thrown below, when its turn comes
  await run.inTurn(async () => {
    const bytes = await encoding;
    if (bytes.length > MAX_FILE_BYTES) {
      throw new RangeError(
        `Cannot save a checkpoint: it must have at most ${MAX_FILE_BYTES} bytes, but has ${bytes.length}`,
      );
    }
    await attempt(run, bytes.length, async () => {
      await run.check(); // fault point: check of the folder
      await write(bytes);
    });
  });
}

/** Explains an error of the operating system in a sentence. A missing permission is thrown as it is. */
async function attempt(
  run: RunDirectory,
  sizeBytes: number,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error; // fault point: report of a failure
    throw new Error(
      `Cannot save a checkpoint of ${sizeBytes} bytes in the run "${run.path}", which must be writable and have room: ${
        describeSystemError(error)
      }`,
      { cause: error },
    );
  }
}
