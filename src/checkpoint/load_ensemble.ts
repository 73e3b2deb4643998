/** Loads the models of an ensemble's run. @module */
import { checkValue, resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { choice, optional, PATH } from "../arguments/rule.ts";
import { chooseDevice } from "../device/choose.ts";
import type { Device } from "../device/executor.ts";
import { COMBINATIONS } from "../model/combine.ts";
import { createModel, DEVICE } from "../model/create_model.ts";
import { createEnsemble, type Ensemble, type EnsembleOptions } from "../model/ensemble.ts";
import type { Model } from "../model/model.ts";
import { type EnsembleState, readEnsemble } from "./ensemble_file.ts";
import { checkHasFiles } from "./file_system.ts";
import { type BegunMember, listMembers } from "./ensemble_members.ts";
import type { LoadModelOptions } from "./load_model.ts";
import {
  CHECKPOINT_CHOICES,
  type CheckpointChoice,
  type FoundCheckpoint,
  readRun,
} from "./read_run.ts";
import { Resources } from "../time/resources.ts";

/** Which weights to load, where, and how the models answer together. */
export interface LoadEnsembleOptions extends LoadModelOptions, EnsembleOptions {}

/** A model of an ensemble, and its checkpoint. */
export interface FoundMember extends BegunMember {
  readonly found: FoundCheckpoint;
}

const ACTION = "load an ensemble";

const RULES: Rules<LoadEnsembleOptions> = {
  device: optional(DEVICE),
  weights: choice(CHECKPOINT_CHOICES),
  combine: choice(COMBINATIONS),
};

/**
 * Loads the models of an ensemble, as `train --ensemble` saves them. Needs permission to read the directory.
 *
 * @throws {TypeError | RangeError} if an argument has a wrong type or an option a wrong value
 * @throws {Error} if the directory holds no ensemble, a model of it has not begun, or a checkpoint cannot be read
 * @example
 * ```ts
 * import { loadEnsemble, predict } from "@carry/seq2seq";
 *
 * async function ask(run: string, question: string): Promise<void> {
 *   using ensemble = await loadEnsemble(run, { combine: "vote" });
 *   const [prediction] = await predict(ensemble, [question]);
 *   console.log(`${prediction!.answer}: ${100 * prediction!.agreement!} % of the models agree`);
 * }
 * ```
 */
export async function loadEnsemble(
  path: string,
  options: LoadEnsembleOptions = {},
): Promise<Ensemble> {
  checkValue(ACTION, "it", path, PATH);
  const { weights, combine, device } = resolveOptions(options, {
    ...{ action: ACTION, rules: RULES },
    defaults: { weights: "latest" as const, combine: "mean" as const },
  });
  checkHasFiles(ACTION);
  const state = await readEnsemble(path);
  if (state === undefined) {
    throw new Error(
      `Cannot ${ACTION}: the directory "${path}" must hold one, but holds none; loadModel() loads a single model`,
    );
  }
  const members = await findMembers(path, { state, weights });
  if (members.length < state.models) {
    throw new Error(
      `Cannot ${ACTION}: "${path}" must have ${state.models} models, but ${members.length} have begun; its training can be resumed`,
    );
  }
  const { cell, decoder } = state.model;
  const chosen = device ?? await chooseDevice("auto", { cell, decoder });
  return await loadMembers(members, { combine, device: chosen });
}

/** Reads the checkpoints of all models that have begun. @throws {Error} if one cannot be read, with the reason */
export async function findMembers(
  path: string,
  { state, weights }: { readonly state: EnsembleState; readonly weights: CheckpointChoice },
): Promise<FoundMember[]> {
  const members: FoundMember[] = [];
  for (const member of await listMembers(path, state)) {
    members.push({ ...member, found: await readRun(member.path, weights) });
  }
  return members;
}

/** Loads models, and makes an ensemble of them. If one cannot be loaded, those before it are disposed of. */
export async function loadMembers(
  members: readonly FoundMember[],
  { device, ...options }: EnsembleOptions & { readonly device: Device },
): Promise<Ensemble> {
  using loaded = new Resources();
  const models: Model[] = [];
  for (const { found: { checkpoint: { model, parameters } } } of members) {
    models.push(loaded.use(await createModel(model, { device, parameters })));
  }
  const ensemble = createEnsemble(models, options);
  loaded.move();
  return ensemble;
}
