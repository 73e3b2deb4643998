/** `train`: trains a model and saves it as a run. @module */
import { DEFAULT_ROOT, holdsRun } from "../checkpoint/run_directory.ts";
import type { PairsSettings } from "../problem/pairs/settings.ts";
import { checkCanSplit } from "../dataset/prepare_split.ts";
import { createProblem } from "../problem/registry.ts";
import type { Device } from "../device/executor.ts";
import { MAX_SAMPLES } from "../training/train.ts";
import { applyBudget, BUDGET_OPTION, readBudget } from "./budget.ts";
import { CHECKPOINT_EVERY_OPTION, readCheckpointInterval } from "./checkpoint_interval.ts";
import { type Command, JSON_OPTION, TRAINING_DEVICE_OPTIONS } from "./command.ts";
import type { OptionSpec, TypedOptions } from "./options.ts";
import { prepareDevice } from "./prepare_device.ts";
import { resumeRun } from "./resume_run.ts";
import { PORT_OPTION, readPort, readToken, tokenOptions } from "./server_options.ts";
import {
  checkHoldsNoRun,
  findNewPlace,
  refuseMember,
  requireAccess,
  takeRun,
} from "./run_place.ts";
import { STREAM, TRAINED_PROBLEM_OPTIONS } from "./problem_options.ts";
import type { Settings } from "../training/choose_settings.ts";
import {
  checkTypedTraining,
  MODEL_OPTIONS,
  readReverse,
  readSettings,
  readSettingsOf,
  REVERSE_ANSWERS_OPTION,
  REVERSE_OPTION,
  TRAINING_OPTIONS,
} from "./settings.ts";
import { describeExpectation } from "../training/expectation.ts";
import { describePairsBriefly } from "../evaluation/pairs/describe_pairs.ts";
import {
  CHANGED_DATA_OPTION,
  measureTyped,
  PAIRS_OPTIONS,
  readPairsSettings,
} from "./pairs_options.ts";
import { listenForSignals, type Signals } from "./signals.ts";
import { lineColumns, printError } from "./terminal.ts";
import {
  ENSEMBLE_OPTION,
  type EnsembleSurroundings,
  readEnsembleSize,
  startEnsemble,
} from "./train_ensemble.ts";
import { type PageRequest, trainInRun } from "./train_in_run.ts";
import type { MemberName } from "./member_name.ts";
import { createTrainReporter, type TrainReporter } from "./train_reporter.ts";
import { formatTyped } from "./shell.ts";
import { readTensorBoard, TENSORBOARD_OPTION } from "./tensorboard_option.ts";
import { checkTyped, UsageError } from "./usage_error.ts";

/** Options that a run does not keep, so that whoever continues it gives them again. */
const PASSING_OPTIONS: readonly OptionSpec[] = [
  ...TRAINING_DEVICE_OPTIONS,
  {
    name: "samples",
    value: "N",
    help: `number of questions shown after every epoch, at most ${MAX_SAMPLES} (default 5)`,
  },
  CHECKPOINT_EVERY_OPTION,
  {
    name: "log-every",
    value: "N",
    help: "steps between two lines if there is no progress bar; 0: no lines (default 100)",
  },
  {
    name: "dashboard",
    help: "serve a page that shows the training, on 127.0.0.1, until Ctrl-C",
  },
  PORT_OPTION,
  ...tokenOptions("a token that is kept in the run"),
  TENSORBOARD_OPTION,
];

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
      help: "continue the run in --run (default: the newest run) where it stopped",
    },
    { name: "overwrite", help: "replace the run in --run by a new one" },
    ...TRAINED_PROBLEM_OPTIONS,
    ...PAIRS_OPTIONS,
    CHANGED_DATA_OPTION,
    REVERSE_OPTION,
    REVERSE_ANSWERS_OPTION,
    ...MODEL_OPTIONS,
    ...TRAINING_OPTIONS,
    ENSEMBLE_OPTION,
    BUDGET_OPTION,
    ...PASSING_OPTIONS,
    JSON_OPTION,
  ],
  examples: [
    "train",
    "train --dashboard",
    "train --tensorboard logs",
    "train --digits 2 --examples 5000 --epochs 20",
    "train --data pairs.tsv --validation more.tsv",
    "train --recipe notebook --stop-at exactMatch=0.99",
    "train --ensemble 5 --data pairs.tsv",
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
  const reporting = {
    json: typed.flag("json"),
    logEvery: readCount(typed, "log-every", 100),
    passing: formatTyped(typed, PASSING_OPTIONS),
  };
  const reporter = createTrainReporter(reporting);
  const createReporter = (member: MemberName): TrainReporter =>
    createTrainReporter({ ...reporting, member });
  const models = readEnsembleSize(typed);
  const samples = readCount(typed, "samples", 5, MAX_SAMPLES);
  const interval = readCheckpointInterval(typed.text("checkpoint-every"));
  const page = readPage(typed);
  const budgetMs = readBudget(typed);
  const isResumed = typed.flag("resume");
  if (typed.flag("changed-data") && !isResumed) {
    throw new UsageError(
      "Cannot use --changed-data without --resume: a new run takes files as they are",
    );
  }
  const pairs = isResumed ? undefined : readPairsSettings(typed);
  const settings = isResumed || pairs !== undefined ? undefined : readNewSettings(typed);
  const eventFiles = await readTensorBoard(typed);
  await using signals = await listenForSignals();
  const surroundings = { reporter, createReporter, samples, interval, page, eventFiles, signals };
  try {
    if (isResumed) return await resumeRun(typed, surroundings);
    const chosen = settings ?? await measure(typed, pairs!, signals);
    return await startRun(typed, chosen, { ...surroundings, budgetMs, models });
  } catch (error) {
    if (!signals.signal.aborted || error !== signals.signal.reason) throw error;
    printError("Interrupted before the training: nothing was written");
    return signals.exitCode!;
  }
}

/** Measures the files of pairs, says what they contain, and completes the settings. */
async function measure(
  typed: TypedOptions,
  pairs: PairsSettings,
  { signal }: Signals,
): Promise<Settings> {
  checkTypedTraining(typed, pairs);
  const measured = await measureTyped(pairs, { reverse: readReverse(typed, pairs), signal });
  for (const line of describePairsBriefly(measured, lineColumns())) printError(line);
  return readSettingsOf(typed, measured.settings, measured.laidOut.layout);
}

function readNewSettings(typed: TypedOptions): Settings {
  const settings = readSettings(typed);
  const { generated } = createProblem(settings.problem, settings.model);
  checkTyped(() => checkCanSplit(generated!.count));
  return settings;
}

/** The surroundings of a new run. */
interface FirstSurroundings extends EnsembleSurroundings {
  /** Number of models of an ensemble; undefined for one model. */
  readonly models: number | undefined;
  /** Time after which the training shall end, in milliseconds; undefined if its settings decide. */
  readonly budgetMs: number | undefined;
}

async function startRun(
  typed: TypedOptions,
  chosen: Settings,
  surroundings: FirstSurroundings,
): Promise<number> {
  const path = typed.text("run");
  const overwrite = typed.flag("overwrite");
  if (path === undefined && overwrite) {
    throw new UsageError("Cannot overwrite: name the run with --run DIR");
  }
  if (path !== undefined && !overwrite) await checkHoldsNoRun(path);
  if (path !== undefined && overwrite) await refuseMember(path, "overwrite");
  await requireAccess(path ?? DEFAULT_ROOT);
  const device = await prepareDevice(typed, chosen, surroundings);
  const { settings, notes } = await settle(typed, { settings: chosen, device }, surroundings);
  await using place = path !== undefined && overwrite && await holdsRun(path)
    ? await takeRun(path, crypto.randomUUID())
    : await findNewPlace(path);
  const { models } = surroundings;
  return models === undefined
    ? await trainInRun({ settings, device, notes, found: undefined, place }, surroundings)
    : await startEnsemble({ settings, models, device, notes, place }, surroundings);
}

/** A training that was planned, and what people should know of it. */
interface Settled {
  readonly settings: Settings;
  readonly notes: readonly string[];
}

/** Plans the training by its budget, if it has one, and finds out what to expect of it. */
async function settle(
  typed: TypedOptions,
  { settings: chosen, device }: { readonly settings: Settings; readonly device: Device },
  { budgetMs, models = 1, signals: { signal } }: FirstSurroundings,
): Promise<Settled> {
  if (budgetMs === undefined) {
    const expectation = describeExpectation(chosen);
    return { settings: chosen, notes: expectation === undefined ? [] : [expectation] };
  }
  const keepsExamples = (typed.text("examples") ?? STREAM) !== STREAM;
  const now = (): number => performance.now(); // since the start of the program
  const plan = await applyBudget(chosen, {
    ...{ budgetMs, models, device, keepsExamples, now, signal },
  });
  return { settings: plan.settings, notes: plan.words };
}

function readPage(typed: TypedOptions): PageRequest | undefined {
  if (typed.flag("dashboard")) return { ...readPort(typed), ...readToken(typed) };
  const name = ["port", "token", "token-file"].find((each) => typed.text(each) !== undefined);
  if (name === undefined) return undefined;
  throw new UsageError(`Cannot use --${name} without --dashboard: no page is served`);
}

function readCount(
  typed: TypedOptions,
  name: string,
  otherwise: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const value = typed.number(name) ?? otherwise;
  if (Number.isSafeInteger(value) && value >= 0 && value <= most) return value;
  const limit = most === Number.MAX_SAFE_INTEGER ? "0 or a positive integer" : `from 0 to ${most}`;
  throw new UsageError(`Cannot read --${name}: it must be ${limit}, but is ${value}`);
}
