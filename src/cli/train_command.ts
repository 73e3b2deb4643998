/** `train`: from a question of how to add to a model that does. @module */
import { ensureBackend } from "../backend/backend.ts";
import { takeCheckpoint } from "../checkpoint/checkpoint.ts";
import {
  createNumberedRun,
  findNewestRun,
  holdsRun,
  openRun,
} from "../checkpoint/run_directory.ts";
import {
  clearRun,
  type FoundCheckpoint,
  readRun,
  rehearseSave,
  type RunDirectory,
  saveToRun,
} from "../checkpoint/run_files.ts";
import { createModel } from "../model/model.ts";
import { NonFiniteLossError, type TrainingEvent } from "../training/events.ts";
import { findStopReason } from "../training/stop_rules.ts";
import { train } from "../training/train.ts";
import { createTraining } from "../training/training.ts";
import { BACKEND_OPTION, type Command, JSON_OPTION, THREADS_OPTION } from "./command.ts";
import type { TypedOptions } from "./options.ts";
import { prepareSplit } from "../dataset/prepare_split.ts";
import { selectDevice } from "./select_device.ts";
import {
  checkAgainstStored,
  MODEL_OPTIONS,
  PROBLEM_OPTIONS,
  readSettings,
  REVERSE_OPTION,
  type Settings,
  TRAINING_OPTIONS,
} from "./settings.ts";
import { listenForSignals } from "./signals.ts";
import { printError } from "./terminal.ts";
import { createTrainReporter, type TrainReporter } from "./train_reporter.ts";
import { UsageError } from "./usage_error.ts";

/** The command. */
export const TRAIN_COMMAND: Command = {
  options: [
    {
      name: "run",
      value: "DIR",
      help: "directory of the run (default: a new numbered one under ./checkpoints)",
    },
    {
      name: "resume",
      help: "go on with the run in --run (default: the newest) where it stopped",
    },
    { name: "overwrite", help: "start again in --run, whatever run it holds" },
    ...PROBLEM_OPTIONS,
    REVERSE_OPTION,
    ...MODEL_OPTIONS,
    ...TRAINING_OPTIONS,
    BACKEND_OPTION,
    THREADS_OPTION,
    { name: "samples", value: "N", help: "questions shown after every epoch (default 5)" },
    {
      name: "checkpoint-every",
      value: "N",
      help: "steps between two checkpoints within an epoch (default 0: only after every epoch)",
    },
    {
      name: "log-every",
      value: "N",
      help: "steps between two lines where there is no progress bar, 0 for none (default 100)",
    },
    JSON_OPTION,
  ],
  examples: [
    "train",
    "train --digits 2 --examples 5000 --epochs 20",
    "train --recipe notebook --stop-at exactMatch=0.99",
    "train --resume",
  ],
  run: runTrain,
};

async function runTrain(typed: TypedOptions): Promise<number> {
  if (typed.positionals.length > 0) {
    throw new UsageError(`Cannot train "${typed.positionals[0]}": train takes options only`);
  }
  if (typed.flag("resume") && typed.flag("overwrite")) {
    throw new UsageError("Cannot train: --resume and --overwrite exclude each other");
  }
  const reporter = createTrainReporter({
    json: typed.flag("json"),
    logEvery: readCount(typed, "log-every", 100),
  });
  const samples = readCount(typed, "samples", 5);
  const checkpointEvery = readCount(typed, "checkpoint-every", 0);
  if (!typed.flag("resume")) {
    const settings = readSettings(typed);
    const path = typed.text("run");
    await checkNewRun(path, typed.flag("overwrite"));
    await selectDevice(typed); // before a directory is made for nothing
    using run = path === undefined ? await createNumberedRun() : await openRun(path);
    return await trainInRun(run, settings, undefined, { reporter, samples, checkpointEvery });
  }
  const path = typed.text("run") ?? await findNewestRun();
  await checkRunIsThere(path);
  using run = await openRun(path);
  const found = await readRun(path);
  checkAgainstStored(typed, found.checkpoint);
  for (const skipped of found.skipped) printError(`Passed over ${skipped}`);
  await selectDevice(typed);
  return await trainInRun(run, found.checkpoint, found, { reporter, samples, checkpointEvery });
}

async function checkRunIsThere(path: string): Promise<void> {
  if (await holdsRun(path)) return;
  throw new UsageError(`Cannot resume "${path}": it holds no run; leave --resume out to start one`);
}

async function checkNewRun(path: string | undefined, overwrite: boolean): Promise<void> {
  if (path === undefined && overwrite) {
    throw new UsageError("Cannot overwrite: name the run with --run DIR");
  }
  if (path === undefined || overwrite || !await holdsRun(path)) return;
  throw new UsageError(
    `Cannot train into "${path}": it holds a run already; add --resume to go on with it, or --overwrite to start again`,
  );
}

/** What stays the same however a training begins. */
interface Surroundings {
  readonly reporter: TrainReporter;
  readonly samples: number;
  /** Steps between two checkpoints within an epoch; 0: none. */
  readonly checkpointEvery: number;
}

async function trainInRun(
  run: RunDirectory,
  settings: Settings,
  found: FoundCheckpoint | undefined,
  { reporter, samples, checkpointEvery }: Surroundings,
): Promise<number> {
  using signals = listenForSignals(() => reporter.stopping());
  const { problem } = settings;
  const split = prepareSplit(problem, (made) => reporter.generating(made, problem.examples));
  using model = await createModel(settings.model, {
    seed: problem.seed,
    ...(found && { parameters: found.checkpoint.parameters }),
  });
  using training = createTraining(model, settings.training, found?.checkpoint);
  const backend = await ensureBackend(); // the model's self-test may have changed it
  reporter.start({ run: run.path, settings, split, backend, progress: training.progress });
  if (found === undefined) {
    await clearRun(run);
    await saveToRun(run, await takeCheckpoint(training, problem)); // fails now, if it must, not after an epoch
  } else if (findStopReason(training) !== undefined) {
    reporter.alreadyComplete(run.path);
  } else {
    await rehearseSave(run, found.checkpoint);
  }
  let saved = training.progress;
  let checkpoint = `${run.path}/latest.safetensors`;
  try {
    for await (const event of train(training, split, { signal: signals.signal, samples })) {
      if (isRestingPoint(event, checkpointEvery) && training.progress !== saved) {
        const best = event.event === "epoch" && event.best;
        checkpoint = await saveToRun(run, await takeCheckpoint(training, problem), { best });
        saved = training.progress;
      }
      reporter.report(event, checkpoint);
    }
  } catch (error) {
    const nonFinite = error instanceof NonFiniteLossError;
    reporter.failed(nonFinite ? "nonFiniteLoss" : "error", training.progress, checkpoint);
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(`${(error as Error).message}; the last good checkpoint is ${checkpoint}`, {
      cause: error,
    });
  }
  return signals.exitCode ?? 0;
}

/** An epoch is over, the steps between two checkpoints are, or training was interrupted: the moments to save. */
function isRestingPoint(event: TrainingEvent, checkpointEvery: number): boolean {
  if (event.event === "step") return checkpointEvery > 0 && event.step % checkpointEvery === 0;
  return event.event === "epoch" || (event.event === "end" && event.reason === "interrupted");
}

function readCount(typed: TypedOptions, name: string, otherwise: number): number {
  const value = typed.number(name) ?? otherwise;
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(
    `Cannot read --${name}: it must be 0 or a positive integer, but is ${value}`,
  );
}
