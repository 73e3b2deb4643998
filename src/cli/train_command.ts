/** `train`: from a question of how to add to a model that does. @module */
import {
  createNumberedRun,
  findNewestRun,
  holdsRun,
  openRun,
} from "../checkpoint/run_directory.ts";
import { readRun } from "../checkpoint/run_files.ts";
import { CHECKPOINT_EVERY_OPTION, readCheckpointInterval } from "./checkpoint_interval.ts";
import { BACKEND_OPTION, type Command, JSON_OPTION, THREADS_OPTION } from "./command.ts";
import { checkPortIsFree } from "../dashboard/listen.ts";
import type { TypedOptions } from "./options.ts";
import { selectDevice } from "./select_device.ts";
import { PORT_OPTION, readPort, readToken, tokenOptions } from "./server_options.ts";
import {
  checkAgainstStored,
  MODEL_OPTIONS,
  PROBLEM_OPTIONS,
  readSettings,
  REVERSE_OPTION,
  TRAINING_OPTIONS,
} from "./settings.ts";
import { printError } from "./terminal.ts";
import { type PageRequest, trainInRun } from "./train_in_run.ts";
import { createTrainReporter } from "./train_reporter.ts";
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
    CHECKPOINT_EVERY_OPTION,
    {
      name: "log-every",
      value: "N",
      help: "steps between two lines where there is no progress bar, 0 for none (default 100)",
    },
    {
      name: "dashboard",
      help: "serve a page to watch it at, on 127.0.0.1; it stays after the end, until Ctrl-C",
    },
    PORT_OPTION,
    ...tokenOptions("one that is kept with the run"),
    JSON_OPTION,
  ],
  examples: [
    "train",
    "train --dashboard",
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
  const interval = readCheckpointInterval(typed.text("checkpoint-every"));
  const page = readPage(typed);
  if (page?.port !== undefined) checkPortIsFree(page.port); // before a run is made for nothing
  const surroundings = { reporter, samples, interval, page };
  if (!typed.flag("resume")) {
    const settings = readSettings(typed);
    const path = typed.text("run");
    await checkNewRun(path, typed.flag("overwrite"));
    await selectDevice(typed); // before a directory is made for nothing
    using run = path === undefined
      ? await createNumberedRun()
      : await openRun(path, { runId: crypto.randomUUID() });
    return await trainInRun(run, settings, undefined, surroundings);
  }
  const path = typed.text("run") ?? await findNewestRun();
  await checkRunIsThere(path);
  using run = await openRun(path);
  const found = await readRun(path);
  checkAgainstStored(typed, found.checkpoint);
  for (const skipped of found.skipped) printError(`Skipped ${skipped}`);
  await selectDevice(typed);
  return await trainInRun(run, found.checkpoint, found, surroundings);
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

function readPage(typed: TypedOptions): PageRequest | undefined {
  if (typed.flag("dashboard")) return { ...readPort(typed), ...readToken(typed) };
  const name = ["port", "token", "token-file"].find((each) => typed.text(each) !== undefined);
  if (name === undefined) return undefined;
  throw new UsageError(`Cannot use --${name} without --dashboard: no page is served`);
}

function readCount(typed: TypedOptions, name: string, otherwise: number): number {
  const value = typed.number(name) ?? otherwise;
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(
    `Cannot read --${name}: it must be 0 or a positive integer, but is ${value}`,
  );
}
