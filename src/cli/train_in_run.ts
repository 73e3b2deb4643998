/** A training in a run's directory, and everybody who listens to it: terminal, log, checkpoints, page. @module */
import { type BackendReport, ensureBackend } from "../backend/backend.ts";
import type { RunEndEvent, RunEvent, StartEvent } from "../checkpoint/run_events.ts";
import {
  clearRun,
  type FoundCheckpoint,
  rehearseSave,
  type RunDirectory,
  saveToRun,
} from "../checkpoint/run_files.ts";
import { type CheckpointInterval, createSavePoints } from "../checkpoint/save_points.ts";
import { takeCheckpoint } from "../checkpoint/take_checkpoint.ts";
import {
  type DashboardOptions,
  type DashboardServer,
  startDashboard,
} from "../dashboard/dashboard_server.ts";
import { type LiveRun, watchTraining } from "../dashboard/live_run.ts";
import { prepareSplit } from "../dataset/prepare_split.ts";
import type { Split } from "../dataset/split.ts";
import { countModelParameters, createModel } from "../model/model.ts";
import { NonFiniteLossError, type TrainingEvent } from "../training/events.ts";
import { groupAdditions, type LearnedGrouping } from "../training/learned.ts";
import { findStopReason } from "../training/stop_rules.ts";
import { train } from "../training/train.ts";
import { createTraining, type Training } from "../training/training.ts";
import { openRunRecord, type RunRecord } from "./run_record.ts";
import type { Settings } from "./settings.ts";
import { listenForSignals, whenAborted } from "./signals.ts";
import { printError } from "./terminal.ts";
import type { TrainReporter } from "./train_reporter.ts";

/** What stays the same however a training begins. */
export interface Surroundings {
  readonly reporter: TrainReporter;
  /** Questions shown after every epoch. */
  readonly samples: number;
  readonly interval: CheckpointInterval;
  /** Whether to serve a page to watch it, and where. */
  readonly page: PageRequest | undefined;
}

/** Where to serve the page, and what opens it. */
export type PageRequest = Pick<DashboardOptions, "port" | "token">;

/**
 * Trains from the beginning, or from the checkpoint that was found, to the end.
 *
 * @returns the exit code
 * @throws {Error} if training cannot go on, with the last good checkpoint
 */
export async function trainInRun(
  run: RunDirectory,
  settings: Settings,
  found: FoundCheckpoint | undefined,
  surroundings: Surroundings,
): Promise<number> {
  const { reporter } = surroundings;
  let underWay = true;
  using signals = listenForSignals(() => underWay && reporter.stopping());
  const { problem } = settings;
  const split = await prepareSplit(problem, {
    onProgress: (made, of) => reporter.generating(made, of),
  });
  using model = await createModel(settings.model, {
    seed: problem.seed,
    ...(found && { parameters: found.checkpoint.parameters }),
  });
  using training = createTraining(model, settings.training, found?.checkpoint);
  const backend = await ensureBackend(); // the model's self-test may have changed it
  const start = describeStart(run, settings, { split, backend, training });
  reporter.recall(training.progress.history);
  reporter.report(start);
  if (found === undefined) {
    await clearRun(run);
    await saveToRun(run, await takeCheckpoint(training, problem)); // fails now, if it must, not after an epoch
  } else {
    const reason = findStopReason(training);
    if (reason !== undefined) {
      reporter.alreadyComplete(run.path);
      reporter.report(describeEnd(reason, training, found.path));
      return 0;
    }
    await rehearseSave(run, found.checkpoint);
  }
  using record = await openRunRecord(run, training.progress, () => performance.now());
  if (record.damage !== undefined) printError(`Skipped ${record.damage}`);
  await record.record(start);
  const { path } = run;
  const live = watchTraining({ path, news: record.news, training, split, problem });
  await using page = await openPage(live, surroundings);
  await takeTraining({ run, settings, training, live, record }, signals.signal, surroundings);
  underWay = false;
  if (page === undefined || signals.exitCode !== undefined) return signals.exitCode ?? 0;
  reporter.pageStays(page.url);
  await whenAborted(signals.signal);
  return 0; // what was asked for is done
}

async function openPage(
  live: LiveRun,
  { page, reporter }: Surroundings,
): Promise<DashboardServer | undefined> {
  if (page === undefined) return undefined;
  const server = await startDashboard([live], {
    ...page,
    reportError: (error) => printError(`The page: ${(error as Error).message}`),
  });
  reporter.pageOpened(server.url);
  return server;
}

/** Everything that takes part in a training under way. */
interface Parts {
  readonly run: RunDirectory;
  readonly settings: Settings;
  readonly training: Training;
  readonly live: LiveRun;
  readonly record: RunRecord;
}

async function takeTraining(
  { run, settings: { problem }, training, live, record }: Parts,
  signal: AbortSignal,
  { reporter, samples, interval }: Surroundings,
): Promise<void> {
  const savePoints = createSavePoints(interval, () => performance.now());
  const { split } = live;
  const translate = createTranslator(split, training);
  let saved = training.progress;
  let checkpoint = `${run.path}/latest.safetensors`;
  try {
    for await (const event of train(training, split, { signal, samples, answers: true })) {
      if (event.event === "answers") live.keepAnswers(event);
      const told = translate(event, checkpoint);
      await record.record(told);
      if (savePoints.isDue(event) && training.progress !== saved) {
        await record.flush();
        const best = event.event === "epoch" && event.best;
        checkpoint = await saveToRun(run, await takeCheckpoint(training, problem), { best });
        saved = training.progress;
        savePoints.saved();
      }
      reporter.report(told);
    }
    await record.flush();
  } catch (error) {
    const reason = error instanceof NonFiniteLossError ? "nonFiniteLoss" : "error";
    const end = describeEnd(reason, training, checkpoint);
    reporter.report(end);
    await record.record(end).then(() => record.flush()).catch(() => {}); // what went wrong first is what to report
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(`${(error as Error).message}; the last good checkpoint is ${checkpoint}`, {
      cause: error,
    });
  }
}

/** Makes of what training reports what is logged and shown. */
function createTranslator(
  { validation }: Split,
  { model }: Training,
): (event: TrainingEvent, checkpoint: string) => RunEvent {
  let grouping: LearnedGrouping | undefined;
  return (event, checkpoint) => {
    if (event.event === "end") return { ...event, checkpoint };
    if (event.event !== "answers") return event;
    grouping ??= groupAdditions(validation, model.config);
    return { event: "learned", ...grouping.measure(event.epoch, event.answers) };
  };
}

function describeEnd(
  reason: RunEndEvent["reason"],
  { progress: { history } }: Training,
  checkpoint: string,
): RunEndEvent {
  const exactMatch = history.at(-1)?.exactMatch ?? null;
  return { event: "end", reason, epochs: history.length, exactMatch, checkpoint };
}

function describeStart(
  { path, runId }: RunDirectory,
  { problem, model, training: options }: Settings,
  { split, backend, training }: { split: Split; backend: BackendReport; training: Training },
): StartEvent {
  return {
    event: "start",
    run: path,
    runId,
    backend,
    problem,
    model,
    training: options,
    parameters: countModelParameters(model),
    trainingExamples: split.training.count,
    validationExamples: split.validation.count,
    step: training.progress.step,
  };
}
