/** `train --ensemble`: trains models that differ by their seeds, one after another, as one run. @module */
import { describeEnd } from "../checkpoint/report_events.ts";
import {
  ENSEMBLE_SIZE,
  type EnsembleState,
  memberSettings,
  readEnsemble,
} from "../checkpoint/ensemble_file.ts";
import { listMembers } from "../checkpoint/ensemble_members.ts";
import { type FoundCheckpoint, readRun } from "../checkpoint/read_run.ts";
import type { Device } from "../device/executor.ts";
import { isPairs } from "../problem/pairs/settings.ts";
import { checkContinuation } from "../training/continuation.ts";
import { NO_PROGRESS } from "../training/progress.ts";
import { findStopReason } from "../training/stop_rules.ts";
import { createEnsemblePlace, type EnsembleAt } from "./ensemble_place.ts";
import type { OptionSpec, TypedOptions } from "./options.ts";
import { locateTyped, refusePairsOptions } from "./pairs_options.ts";
import { prepareDevice } from "./prepare_device.ts";
import { takeRun } from "./run_place.ts";
import type { Settings } from "../training/choose_settings.ts";
import { readResumedSettings, suggestResuming } from "./settings.ts";
import { printError } from "./terminal.ts";
import { type Surroundings, trainInRun } from "./train_in_run.ts";
import type { MemberName } from "./member_name.ts";
import type { TrainReporter } from "./train_reporter.ts";
import { checkTyped, UsageError } from "./usage_error.ts";

/** The option. */
export const ENSEMBLE_OPTION: OptionSpec = {
  name: "ensemble",
  value: "N",
  help:
    "train N models of this configuration, 2 to 100, whose seeds are --seed, the number after it and so on; they are one run and answer together (default: one model)",
};

/** Reads the option; undefined if it was not typed. @throws {UsageError} if it cannot be used */
export function readEnsembleSize(typed: TypedOptions): number | undefined {
  const size = typed.number("ensemble");
  if (size === undefined) return undefined;
  if (typed.flag("resume")) {
    throw new UsageError(
      "Cannot use --ensemble with --resume: the run keeps the number of models that it began with",
    );
  }
  if (ENSEMBLE_SIZE.findFault(size) !== undefined) {
    throw new UsageError(
      `Cannot read --ensemble: it must be ${ENSEMBLE_SIZE.must}, but is ${size}`,
    );
  }
  if (typed.flag("dashboard")) throw refusePage();
  return size;
}

/** What the trainings of all models share. */
export interface EnsembleSurroundings extends Surroundings {
  /** Makes what shows the training of a model. */
  readonly createReporter: (member: MemberName) => TrainReporter;
}

/** The trainings of an ensemble. */
export interface EnsembleTraining extends EnsembleAt {
  readonly device: Device;
  /** What people should know before the first. */
  readonly notes: readonly string[];
  /** The models to train, in order, each with the checkpoint to continue from if it has begun. */
  readonly members: readonly {
    readonly number: number;
    readonly found: FoundCheckpoint | undefined;
  }[];
}

/**
 * Trains models one after another.
 *
 * @returns the exit code
 * @throws {Error} if a training cannot continue; the models before it are saved
 */
export async function trainMembers(
  { state, members, device, notes, ...at }: EnsembleTraining,
  surroundings: EnsembleSurroundings,
): Promise<number> {
  const ensemble = createEnsemblePlace({ state, ...at });
  const { eventFiles } = surroundings;
  for (const [i, { number, found }] of members.entries()) {
    await using place = ensemble.placeOf(number);
    const exitCode = await trainInRun({
      ...{ settings: memberSettings(state, number), device, found, place },
      notes: i === 0 ? notes : [],
    }, {
      ...surroundings,
      eventFiles: eventFiles && {
        ...{ ...eventFiles, isMember: true },
        ...(i > 0 && { use: "continue" }), // what it would replace was removed with the first
      },
      reporter: surroundings.createReporter({
        ...{ number, of: state.models, isFirst: i === 0, isLast: i + 1 === members.length },
      }),
    });
    if (exitCode !== 0) return exitCode;
  }
  return 0;
}

/** Trains a new ensemble. @returns the exit code */
export async function startEnsemble(
  { settings, models, ...beginning }:
    & { readonly settings: Settings; readonly models: number }
    & Pick<EnsembleTraining, "device" | "notes" | "place">,
  surroundings: EnsembleSurroundings,
): Promise<number> {
  const state = { id: crypto.randomUUID(), models, ...settings };
  const members = Array.from({ length: models }, (_, i) => ({ number: i + 1, found: undefined }));
  return await trainMembers(
    { ...beginning, state, members, isNew: true, isWritten: false },
    surroundings,
  );
}

/**
 * Continues an ensemble: the model that was interrupted, then those that have not begun.
 *
 * @returns the exit code
 * @throws {UsageError} if an option differs that cannot be changed
 */
export async function resumeEnsemble(
  typed: TypedOptions,
  path: string,
  surroundings: EnsembleSurroundings,
): Promise<number> {
  if (surroundings.page !== undefined) throw refusePage();
  await using place = await takeRun(path);
  const stored = (await readEnsemble(path))!; // no other process can change it now
  const settings = await readSettings(typed, stored, surroundings);
  const state = { ...stored, ...settings };
  const members = await findMembers(path, state);
  const left = members.filter(({ number, found }) =>
    found === undefined || reasonOf(found, memberSettings(state, number)) === undefined
  );
  if (left.length === 0) {
    reportComplete(path, { state, last: members.at(-1)!.found! }, surroundings);
    return 0;
  }
  const device = await prepareDevice(typed, settings, surroundings);
  const isWritten = JSON.stringify(state) === JSON.stringify(stored);
  return await trainMembers(
    { state, members: left, device, notes: [], place, isNew: false, isWritten },
    surroundings,
  );
}

/** Reads the settings of an ensemble that is resumed. */
async function readSettings(
  typed: TypedOptions,
  stored: EnsembleState,
  { signals: { signal } }: Surroundings,
): Promise<Settings> {
  const settings = readResumedSettings(typed, { ...stored, progress: NO_PROGRESS });
  const { problem } = settings;
  if (isPairs(problem)) return { ...settings, problem: await locateTyped(typed, problem, signal) };
  refusePairsOptions(typed);
  return settings;
}

/** Reads the newest checkpoints of all models. @throws {UsageError} if one cannot continue with the settings */
async function findMembers(
  path: string,
  state: EnsembleState,
): Promise<EnsembleTraining["members"]> {
  const begun = new Map((await listMembers(path, state)).map((each) => [each.number, each.path]));
  const members = [];
  for (let number = 1; number <= state.models; number++) {
    const member = begun.get(number);
    const found = member === undefined ? undefined : await readRun(member);
    for (const skipped of found?.skipped ?? []) printError(`Skipped ${skipped}`);
    found?.warnings.forEach((warning) => printError(warning));
    if (found !== undefined) {
      const { training } = memberSettings(state, number);
      checkTyped(() => checkContinuation(found.checkpoint, training));
    }
    members.push({ number, found });
  }
  return members;
}

function reasonOf(
  { checkpoint: { progress } }: FoundCheckpoint,
  { training }: Pick<Settings, "training">,
): ReturnType<typeof findStopReason> {
  return findStopReason({ options: training, progress });
}

/** Says that all models are complete. */
function reportComplete(
  path: string,
  { state, last }: { readonly state: EnsembleState; readonly last: FoundCheckpoint },
  { createReporter }: EnsembleSurroundings,
): void {
  const { models: of, training } = state;
  const settings = memberSettings(state, of);
  const reason = reasonOf(last, settings)!;
  const { progress } = last.checkpoint;
  const reporter = createReporter({ number: of, of, isFirst: true, isLast: true });
  reporter.recall(progress.history, settings);
  reporter.report(describeEnd(reason, progress, last.path));
  reporter.alreadyComplete(path, suggestResuming(reason, training));
}

function refusePage(): UsageError {
  return new UsageError(
    "Cannot use --dashboard with an ensemble, whose models are trained one after another: run the command dashboard beside the training, which shows all models that have begun",
  );
}
