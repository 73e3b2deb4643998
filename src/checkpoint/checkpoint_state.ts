/**
 * The state of a checkpoint: everything but its tensors. It is checked as a whole, because a hash finds damage, but not
 * values that contradict each other.
 *
 * Writer and reader make the same checks, so that whatever is written can be read.
 *
 * @module
 */
import { checkModelConfig, type ModelConfig } from "../network/config.ts";
import { parameterShapes } from "../network/parameters.ts";
import { isSameLayout } from "../codec/layout.ts";
import type { ProblemSettings } from "../problem/problem.ts";
import { findKind, resolveProblem } from "../problem/registry.ts";
import type { TrainingOptions } from "../training/options.ts";
import { resolveTraining } from "../training/resolve_training.ts";
import { checkProgress, type TrainingProgress } from "../training/progress.ts";

/** Everything in a checkpoint but its tensors. */
export interface CheckpointState {
  /**
   * Identity of the run that it was saved in. `null` for a checkpoint that was not saved in a run yet, and in a file
   * written before runs had an identity.
   */
  readonly runId: string | null;
  /**
   * Description of what computed the last steps: the backend, and the build of the compute kernels or the name of the
   * adapter. Two trainings are equal bit for bit only if their descriptions are equal. `null` in a file written before this
   * was recorded.
   */
  readonly trainedOn: string | null;
  /** The problem that is learned. */
  readonly problem: ProblemSettings;
  /** The configuration of the model. */
  readonly model: ModelConfig;
  /** The options of the training. */
  readonly training: TrainingOptions;
  /** The position of the training. */
  readonly progress: TrainingProgress;
}

/** Name and shape of a tensor. */
export interface TensorShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Pattern of a run's identity. */
export const RUN_ID = /^[0-9A-Za-z-]{1,64}$/;
/** Most characters of `trainedOn`. */
export const MAX_TRAINED_ON_CHARACTERS = 200;
/** Prefixes of the names of Adam's moments. */
const MOMENT_PREFIXES = ["adam/m/", "adam/v/"];

type Fields = Readonly<Record<string, unknown>>;

const PROGRESS_KEYS = ["step", "batch", "lossSum", "elapsedMs", "history"];

/**
 * Checks a state that was read from a file, and gives options that an older file lacks their defaults.
 *
 * @throws {Error} with the first fault
 */
export function checkState(state: Fields): CheckpointState {
  checkKeys("the state", state, ["runId", "trainedOn", "problem", "model", "training", "progress"]);
  const { runId, trainedOn } = state;
  if (runId !== null && !(typeof runId === "string" && RUN_ID.test(runId))) {
    throw new RangeError(`runId must be null or match ${RUN_ID}, but is ${show(runId)}`);
  }
  if (trainedOn !== null && !isShortText(trainedOn)) {
    throw new RangeError(
      `trainedOn must be null or a text of 1 to ${MAX_TRAINED_ON_CHARACTERS} characters, but is ${
        show(trainedOn)
      }`,
    );
  }
  const problem = resolveProblem(asFields("the problem", state.problem));
  const model = checkModelConfig(asFields("the model", state.model));
  const training = resolveTraining(asFields("the training", state.training));
  checkFit(problem, model);
  const progress = checkSavedProgress(asFields("the progress", state.progress), training);
  return { runId, trainedOn, problem, model, training, progress };
}

/**
 * Checks that the tensors of a file are those of its model: all parameters, and both moments of each or no moments.
 *
 * @throws {TypeError} with the first tensor that is missing, has another shape, or does not belong to the model
 */
export function checkTensors(model: ModelConfig, tensors: readonly TensorShape[]): void {
  const shapes = parameterShapes(model);
  const moments = MOMENT_PREFIXES.flatMap((prefix) =>
    shapes.map(({ name, shape }) => ({ name: prefix + name, shape }))
  );
  const expected = tensors.some(isMoment) ? [...shapes, ...moments] : shapes;
  const found = new Map(tensors.map(({ name, shape }) => [name, shape.join(", ")]));
  for (const { name, shape } of expected) {
    const wanted = shape.join(", ");
    if (found.get(name) === wanted) continue;
    const has = found.has(name) ? `has (${found.get(name)})` : "is missing";
    throw new TypeError(`the tensor "${name}" must have the shape (${wanted}), but ${has}`);
  }
  if (tensors.length === expected.length) return;
  const names = new Set(expected.map(({ name }) => name));
  const other = tensors.find(({ name }) => !names.has(name))?.name ?? tensors[0]!.name;
  throw new TypeError(
    `the model has ${expected.length} tensors, but "${other}" is not one of them or occurs twice`,
  );
}

/** Says whether a tensor is one of Adam's moments. */
export function isMoment({ name }: { readonly name: string }): boolean {
  return name.startsWith("adam/");
}

/** Checks that a model has the layout that its problem demands. Layouts that are measured from data are not checked. */
function checkFit(problem: ProblemSettings, model: ModelConfig): void {
  const wanted = findKind(problem.name).layOut?.(problem, model.source.reverse);
  if (wanted === undefined) return;
  for (const side of ["source", "target"] as const) {
    if (isSameLayout(wanted[side], model[side])) continue;
    throw new RangeError(
      `the model must fit the problem, whose ${side} is ${show(wanted[side])}, but it has ${
        show(model[side])
      }`,
    );
  }
}

/** Checks the keys here, because `checkProgress()` leaves unknown ones out of its copy. */
function checkSavedProgress(given: Fields, { epochs }: TrainingOptions): TrainingProgress {
  checkKeys("the progress", given, PROGRESS_KEYS);
  if (Array.isArray(given.history) && given.history.length > epochs) {
    throw new RangeError(
      `the history must have at most ${epochs} epochs, but has ${given.history.length}`,
    );
  }
  return checkProgress("continue", given as unknown as TrainingProgress);
}

/** Checks that an object has these keys and no others. @throws {TypeError} if a key is unknown or missing */
export function checkKeys(what: string, given: Fields, keys: readonly string[]): void {
  const unknown = Object.keys(given).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw unknownKey(what, unknown);
  const missing = keys.find((key) => !Object.hasOwn(given, key));
  if (missing !== undefined) throw new TypeError(`${what} must have the key "${missing}"`);
}

function unknownKey(what: string, key: string): TypeError {
  return new TypeError(`${what} has the unknown key ${show(key)}`);
}

function isShortText(value: unknown): value is string {
  return typeof value === "string" && value.length >= 1 &&
    value.length <= MAX_TRAINED_ON_CHARACTERS;
}

/** Gives a value as an object. @throws {TypeError} if it is not an object. @param what its name in the message */
export function asFields(what: string, value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new TypeError(`${what} must be an object`);
}

/** Formats a value for a message. A long one is cut. */
function show(value: unknown): string {
  const text = typeof value === "number" ? String(value) : JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
