/** Opens the checkpoint or the model of a run for a command. @module */
import type { BackendRequest } from "../device/choose.ts";
import { selectDevice } from "./select_device.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { findNewestRun } from "../checkpoint/run_directory.ts";
import { readRun } from "../checkpoint/read_run.ts";
import { createModel } from "../model/create_model.ts";
import type { Model } from "../model/model.ts";
import type { TypedOptions } from "./options.ts";
import { printError } from "./terminal.ts";

/** A model and its checkpoint. */
export interface OpenedModel extends Disposable {
  readonly model: Model;
  readonly checkpoint: Checkpoint;
  /** The directory of the run. */
  readonly run: string;
}

/** Reads the checkpoint that `--run` and `--weights` name. It prints skipped files and warnings to standard error. */
export async function openCheckpoint(
  typed: TypedOptions,
): Promise<Pick<OpenedModel, "checkpoint" | "run">> {
  const run = typed.text("run") ?? await findNewestRun();
  const { checkpoint, skipped, warnings } = await readRun(
    run,
    typed.choice("weights", ["latest", "best"] as const),
  );
  for (const reason of skipped) printError(`Skipped ${reason}`);
  warnings.forEach((warning) => printError(warning));
  return { checkpoint, run };
}

/** Loads the model that `--run` and `--weights` name onto the device that `--backend`, `--executor` and `--threads` name. */
export async function openModel(
  typed: TypedOptions,
  otherwise: BackendRequest = "auto",
): Promise<OpenedModel> {
  const { checkpoint, run } = await openCheckpoint(typed);
  const { model: config, parameters } = checkpoint;
  const { cell, decoder } = config;
  const device = await selectDevice(typed, { cell, decoder, otherwise });
  const model = await createModel(config, { device, parameters });
  return { model, checkpoint, run, [Symbol.dispose]: () => model[Symbol.dispose]() };
}
