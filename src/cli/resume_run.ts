/** Continues a run where it stopped. @module */
import { describeEnd } from "../checkpoint/report_events.ts";
import { findNewestRun, holdsRun } from "../checkpoint/run_directory.ts";
import { readEnsemble } from "../checkpoint/ensemble_file.ts";
import { type FoundCheckpoint, readRun } from "../checkpoint/read_run.ts";
import { isPairs } from "../problem/pairs/settings.ts";
import { findStopReason } from "../training/stop_rules.ts";
import type { TypedOptions } from "./options.ts";
import { locateTyped, refusePairsOptions } from "./pairs_options.ts";
import { prepareDevice } from "./prepare_device.ts";
import { refuseMember, requireAccess, takeRun } from "./run_place.ts";
import { readResumedSettings, suggestResuming } from "./settings.ts";
import { printError } from "./terminal.ts";
import { type EnsembleSurroundings, resumeEnsemble } from "./train_ensemble.ts";
import { trainInRun } from "./train_in_run.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Continues the run that `--run` names, or the newest one.
 *
 * @returns the exit code
 * @throws {UsageError} if there is no run, or an option differs that cannot be changed
 */
export async function resumeRun(
  typed: TypedOptions,
  surroundings: EnsembleSurroundings,
): Promise<number> {
  const path = typed.text("run") ?? await findNewestRun();
  if (!await holdsRun(path)) {
    throw new UsageError(
      `Cannot resume "${path}": it contains no run; leave --resume out to start one`,
    );
  }
  await requireAccess(path);
  await refuseMember(path, "resume");
  if (await readEnsemble(path) !== undefined) {
    return await resumeEnsemble(typed, path, surroundings);
  }
  await using place = await takeRun(path);
  const found = await readRun(path);
  for (const skipped of found.skipped) printError(`Skipped ${skipped}`);
  found.warnings.forEach((warning) => printError(warning));
  refuseTwoRuns(path, found);
  const resumed = readResumedSettings(typed, found.checkpoint);
  if (!isPairs(resumed.problem)) refusePairsOptions(typed);
  const settings = isPairs(resumed.problem)
    ? {
      ...resumed,
      problem: await locateTyped(typed, resumed.problem, surroundings.signals.signal),
    }
    : resumed;
  const { progress } = found.checkpoint;
  const reason = findStopReason({ options: settings.training, progress });
  if (reason !== undefined) {
    const { reporter } = surroundings;
    reporter.recall(progress.history, settings);
    reporter.report(describeEnd(reason, progress, found.path));
    reporter.alreadyComplete(path, suggestResuming(reason, settings.training));
    return 0;
  }
  const device = await prepareDevice(typed, settings, surroundings);
  return await trainInRun({ settings, device, notes: [], found, place }, surroundings);
}

/**
 * Refuses to continue if a directory has files of two runs: the log and the older checkpoints of one of them would be lost. An
 * interrupted `--overwrite` also leaves files of the old run beside a first checkpoint. These are removed.
 */
function refuseTwoRuns(path: string, { foreign, checkpoint }: FoundCheckpoint): void {
  if (foreign.length === 0 || checkpoint.progress.step === 0) return;
  throw new Error(
    `Cannot resume "${path}": all its files must belong to one run, but ${
      foreign.join(", ")
    } of another run would be lost; move the files of one of the two runs to another directory`,
  );
}
