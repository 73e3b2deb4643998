/** Trains in a run's directory, and passes the events to terminal, log, checkpoints and page. @module */
import { createTranslator, describeEnd, describeStart } from "../checkpoint/report_events.ts";
import type { FoundCheckpoint } from "../checkpoint/read_run.ts";
import {
  rehearseSave,
  removeForeignFiles,
  type RunDirectory,
  saveToRun,
} from "../checkpoint/run_files.ts";
import type { CheckpointInterval } from "../checkpoint/save_points.ts";
import { findComputerChange } from "../checkpoint/trained_on.ts";
import { createTrainingSaver } from "../checkpoint/training_saver.ts";
import { takeCheckpoint } from "../checkpoint/take_checkpoint.ts";
import {
  type DashboardOptions,
  type DashboardServer,
  startDashboard,
} from "../dashboard/dashboard_server.ts";
import type { Device } from "../device/executor.ts";
import { createRunHistory } from "../dashboard/run_news.ts";
import { type LiveRun, watchTraining } from "../dashboard/live_run.ts";
import { openSplit } from "../checkpoint/open_split.ts";
import type { Split } from "../dataset/split.ts";
import { createModel } from "../model/create_model.ts";
import { NonFiniteLossError } from "../training/events.ts";
import { createProblem } from "../problem/registry.ts";
import { train } from "../training/train.ts";
import { createTraining } from "../training/create_training.ts";
import type { Training } from "../training/training.ts";
import { type EventFile, openEventFile } from "./event_file.ts";
import { createPreparation, showSplit } from "./preparation.ts";
import type { RunPlace } from "./run_place.ts";
import { openRunRecord, type RunRecord } from "./run_record.ts";
import type { Settings } from "../training/choose_settings.ts";
import { type Signals, whenAborted } from "./signals.ts";
import type { EventFilesRequest } from "./tensorboard_option.ts";
import { printError } from "./terminal.ts";
import type { TrainReporter } from "./train_reporter.ts";

/** The part of a training that does not depend on how it begins. */
export interface Surroundings {
  readonly reporter: TrainReporter;
  /** Number of questions shown after every epoch. */
  readonly samples: number;
  readonly interval: CheckpointInterval;
  /** The page to serve; undefined for none. */
  readonly page: PageRequest | undefined;
  /** Where event files for TensorBoard are written; undefined for none. */
  readonly eventFiles: EventFilesRequest | undefined;
  readonly signals: Signals;
}

/** The port and the token of a page. */
export type PageRequest = Pick<DashboardOptions, "port" | "token">;

/** How a training begins. */
export interface Beginning {
  readonly settings: Settings;
  /** The device that computes. */
  readonly device: Device;
  /** What people should know of the training before it begins. */
  readonly notes: readonly string[];
  /** The checkpoint to continue from; undefined for a new run. */
  readonly found: FoundCheckpoint | undefined;
  /** The place of the run. */
  readonly place: RunPlace;
}

/**
 * Trains from the beginning, or from the checkpoint that was found, to the end. Nothing is written or changed until questions,
 * model, page and the room for a checkpoint are ready.
 *
 * @returns the exit code
 * @throws {Error} if training cannot continue, with the last good checkpoint
 */
export async function trainInRun(
  beginning: Beginning,
  surroundings: Surroundings,
): Promise<number> {
  const { signals } = surroundings;
  using ready = new DisposableStack();
  try {
    const prepared = await prepare(beginning, surroundings, ready);
    return await trainPrepared(beginning, prepared, surroundings);
  } catch (error) {
    if (!signals.signal.aborted || error !== signals.signal.reason) throw error;
    printError(`Interrupted before the training: ${beginning.place.untouched}`);
    return signals.exitCode!;
  }
}

/** The parts of a training that are prepared before its place is opened. */
interface Prepared {
  readonly split: Split;
  readonly training: Training;
}

/** Makes the questions and the model, which takes long. @throws the signal's reason if it aborts */
async function prepare(
  { settings, device, found }: Beginning,
  { signals: { signal } }: Surroundings,
  ready: DisposableStack,
): Promise<Prepared> {
  const { problem, model: config, training: options } = settings;
  const preparation = createPreparation();
  try {
    signal.throwIfAborted();
    const split = await openSplit(settings, {
      signal,
      onProgress: showSplit(preparation, problem),
    });
    const model = ready.use(
      await createModel(config, {
        ...{ device, seed: options.seed, signal },
        onProgress: preparation.show("Drawing weights"),
        ...(found && { parameters: found.checkpoint.parameters }),
      }),
    );
    const training = ready.use(createTraining(model, options, found?.checkpoint));
    const change = found && findComputerChange(found.checkpoint, model.executor.report);
    if (change !== undefined) printError(change);
    return { split, training };
  } finally {
    preparation.clear();
  }
}

async function trainPrepared(
  { settings, notes, found, place }: Beginning,
  { split, training }: Prepared,
  surroundings: Surroundings,
): Promise<number> {
  const { reporter, signals } = surroundings;
  const { problem } = settings;
  const { signal } = signals;
  signal.throwIfAborted();
  const run = await place.open();
  const { path } = run;
  const now = (): number => performance.now();
  const news = createRunHistory(path, now);
  const live = watchTraining({ path, news, training, split, problem });
  await using page = await openPage(live, surroundings);
  await using eventFile = await openEventFile(training, {
    ...{ request: surroundings.eventFiles, run, problem, now },
  });
  if (found === undefined) {
    const first = await takeCheckpoint(training, problem);
    signal.throwIfAborted();
    await place.begin(run, first);
  } else {
    await rehearseSave(run, found.checkpoint);
    await removeForeignFiles(run, found.foreign);
  }
  place.keep();
  using record = await openRunRecord(run, training.progress, { news, now });
  if (record.damage !== undefined) printError(`Skipped ${record.damage}`);
  const start = describeStart(run, settings, { split, training });
  reporter.recall(training.progress.history, settings);
  reporter.report(start);
  notes.forEach((note) => reporter.note(note));
  if (page !== undefined) reporter.pageOpened(page.url);
  await record.record(start);
  await eventFile.begin();
  const stop = (): void => reporter.stopping();
  signal.addEventListener("abort", stop);
  const parts = { run, settings, training, split, live, record, eventFile };
  await takeTraining(parts, signal, surroundings);
  signal.removeEventListener("abort", stop);
  if (page === undefined || signals.exitCode !== undefined) return signals.exitCode ?? 0;
  reporter.pageStays(page.url);
  await whenAborted(signal);
  return 0; // the training was complete
}

async function openPage(
  live: LiveRun,
  { page }: Surroundings,
): Promise<DashboardServer | undefined> {
  if (page === undefined) return undefined;
  return await startDashboard([live], {
    ...page,
    reportError: (error) => printError(`The page: ${(error as Error).message}`),
  });
}

/** The parts of a training that runs. */
interface Parts {
  readonly run: RunDirectory;
  readonly settings: Settings;
  readonly training: Training;
  readonly split: Split;
  readonly live: LiveRun;
  readonly record: RunRecord;
  readonly eventFile: EventFile;
}

async function takeTraining(
  { run, settings: { problem }, training, split, live, record, eventFile }: Parts,
  signal: AbortSignal,
  { reporter, samples, interval }: Surroundings,
): Promise<void> {
  let path = `${run.path}/latest.safetensors`;
  const saver = createTrainingSaver({
    ...{ training, problem, interval, now: () => performance.now() },
    async save(checkpoint, options): Promise<void> {
      await record.flush(); // the log has every event before a checkpoint
      await eventFile.flush();
      path = await saveToRun(run, checkpoint, options);
    },
  });
  const translate = createTranslator(split, createProblem(problem, training.model.config));
  const settleEvery = "steps" in interval && interval.steps > 0 ? interval.steps : undefined;
  const options = { signal, samples, answers: true, ...(settleEvery && { settleEvery }) };
  try {
    for await (const event of train(training, split, options)) {
      if (event.event === "answers") live.keepAnswers(event);
      const reported = await translate(event, path);
      await record.record(reported);
      await eventFile.record(event);
      await saver.saveAfter(event);
      reporter.report(reported);
    }
    await record.flush();
  } catch (error) {
    const reason = error instanceof NonFiniteLossError ? "nonFiniteLoss" : "error";
    const end = describeEnd(reason, training.progress, path);
    if (reason === "nonFiniteLoss") await eventFile.fail();
    await record.record(end).then(() => record.flush()).catch(() => {}); // the first error is the one to report
    try {
      reporter.report(end);
    } catch { /* standard output may be what failed */ }
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(`${(error as Error).message}; the last good checkpoint is ${path}`, {
      cause: error,
    });
  }
}
