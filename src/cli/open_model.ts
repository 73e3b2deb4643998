/** Opens the checkpoint or the model of a run for a command. @module */
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { type EnsembleState, readEnsemble } from "../checkpoint/ensemble_file.ts";
import { listMembers } from "../checkpoint/ensemble_members.ts";
import { findMembers, type FoundMember, loadMembers } from "../checkpoint/load_ensemble.ts";
import { type CheckpointChoice, type FoundCheckpoint, readRun } from "../checkpoint/read_run.ts";
import { findNewestRun } from "../checkpoint/run_directory.ts";
import type { BackendRequest } from "../device/choose.ts";
import { COMBINATIONS } from "../model/combine.ts";
import { createModel } from "../model/create_model.ts";
import type { Model } from "../model/model.ts";
import type { ModelConfig } from "../network/config.ts";
import type { OptionSpec, TypedOptions } from "./options.ts";
import { selectDevice } from "./select_device.ts";
import { printError } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** A model and its checkpoint. */
export interface OpenedModel extends Disposable {
  /** The model, or an ensemble. */
  readonly model: Model;
  /** The checkpoint; that of the first model of an ensemble. */
  readonly checkpoint: Checkpoint;
  /** Steps that its weights were trained for; of an ensemble, those of all its models together. */
  readonly step: number;
  /** The directory of the run. */
  readonly run: string;
  /** The numbers of an ensemble's models that answer; absent for one model. */
  readonly members?: readonly number[];
}

/** How an ensemble answers. */
export const COMBINE_OPTION: OptionSpec = {
  name: "combine",
  value: "HOW",
  help:
    "how an ensemble answers: by the mean of its models' probabilities, or by vote on whole answers (default mean)",
};

/** Reads the shape of a run's model, or of an ensemble's models and their number. */
export async function openShape(
  run: string,
): Promise<{ readonly model: ModelConfig; readonly models: number }> {
  const state = await readEnsemble(run);
  if (state !== undefined) return state;
  const found = await readRun(run);
  sayWhatWasSkipped(found);
  return { model: found.checkpoint.model, models: 1 };
}

/**
 * Gives the runs of single models: of an ensemble, those of its models that have begun.
 *
 * @throws {Error} if none of an ensemble has begun
 */
export async function listSingleRuns(runs: readonly string[]): Promise<string[]> {
  const single: string[] = [];
  for (const run of runs) {
    const state = await readEnsemble(run);
    const members = state && await listMembers(run, state);
    if (members?.length === 0) {
      throw new Error(
        `Cannot use the ensemble "${run}": a model of it must have begun, but none has; continue its training with train --resume`,
      );
    }
    if (members === undefined) single.push(run);
    for (const { path } of members ?? []) single.push(path);
  }
  return single;
}

/**
 * Loads the model, or the ensemble, that `--run` and `--weights` name onto the device that `--backend`, `--executor` and `--threads`
 * name.
 */
export async function openModel(
  typed: TypedOptions,
  otherwise: BackendRequest = "auto",
): Promise<OpenedModel> {
  const combine = typed.choice("combine", COMBINATIONS);
  const run = typed.text("run") ?? await findNewestRun();
  const state = await readEnsemble(run);
  if (state === undefined) {
    if (combine !== undefined) {
      throw new UsageError(`Cannot use --combine: the run ${run} is one model, not an ensemble`);
    }
    const found = await readRun(run, readWeights(typed));
    sayWhatWasSkipped(found);
    const { checkpoint } = found;
    const { model: config, parameters } = checkpoint;
    const { cell, decoder } = config;
    const device = await selectDevice(typed, { cell, decoder, otherwise });
    const model = await createModel(config, { device, parameters });
    const { step } = checkpoint.progress;
    return { model, checkpoint, step, run, [Symbol.dispose]: () => model[Symbol.dispose]() };
  }
  const members = await findTrained(run, { state, weights: readWeights(typed) });
  const { cell, decoder } = state.model;
  const device = await selectDevice(typed, { cell, decoder, otherwise });
  const model = await loadMembers(members, { device, ...(combine && { combine }) });
  return {
    ...{ model, run, checkpoint: members[0]!.found.checkpoint },
    step: members.reduce((sum, { found }) => sum + found.checkpoint.progress.step, 0),
    members: members.map(({ number }) => number),
    [Symbol.dispose]: () => model[Symbol.dispose](),
  };
}

/** Finds the models of an ensemble that have completed an epoch. It says if there are fewer than the ensemble will have. */
async function findTrained(
  run: string,
  { state, weights }: { readonly state: EnsembleState; readonly weights: CheckpointChoice },
): Promise<readonly FoundMember[]> {
  const members = (await findMembers(run, { state, weights })).filter(
    ({ found }) => found.checkpoint.progress.history.length > 0,
  );
  members.forEach(({ found }) => sayWhatWasSkipped(found));
  if (members.length === 0) {
    throw new Error(
      `Cannot use the ensemble "${run}": a model of it must have completed an epoch, but none has; continue its training with train --resume`,
    );
  }
  if (members.length < state.models) {
    printError(
      `${members.length} of ${state.models} models of the ensemble answer, because the others have not completed an epoch; train --resume trains them`,
    );
  }
  return members;
}

function readWeights(typed: TypedOptions): CheckpointChoice {
  return typed.choice("weights", ["latest", "best"] as const) ?? "latest";
}

function sayWhatWasSkipped({ skipped, warnings }: FoundCheckpoint): void {
  for (const reason of skipped) printError(`Skipped ${reason}`);
  warnings.forEach((warning) => printError(warning));
}
