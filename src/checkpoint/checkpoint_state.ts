/**
 * What a checkpoint says besides its tensors, checked as a whole: a hash shows damage, not sense.
 *
 * Writer and reader call the same checks, so that whatever is written can be read.
 *
 * @module
 */
import { checkModelConfig, type ModelConfig } from "../model/config.ts";
import { parameterShapes } from "../model/parameters.ts";
import {
  ADDITION_CHARACTERS,
  additionAnswerLength,
  additionLayout,
  type AdditionProblem,
  resolveAddition,
} from "../problem/addition.ts";
import { resolveTraining, type TrainingOptions } from "../training/options.ts";
import { checkProgress, type TrainingProgress } from "../training/progress.ts";

/** What a checkpoint says besides its tensors. */
export interface CheckpointState {
  /**
   * Identity of the run that it was saved in. `null` for a checkpoint that was not saved in a run yet, and for a file
   * written before runs had one.
   */
  readonly runId: string | null;
  /**
   * What computed the last steps, in words: backend, and build of the compute kernels or name of the adapter. Two trainings
   * are equal bit for bit only where it is equal. `null` in a file written before it was recorded.
   */
  readonly trainedOn: string | null;
  /** What is learnt. */
  readonly problem: AdditionProblem;
  /** The model's shape. */
  readonly model: ModelConfig;
  /** How it is trained. */
  readonly training: TrainingOptions;
  /** How far it has come. */
  readonly progress: TrainingProgress;
}

/** Name and shape of a tensor. */
export interface TensorShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What the identity of a run looks like. */
export const RUN_ID = /^[0-9A-Za-z-]{1,64}$/;
/** Most characters of `trainedOn`. */
export const MAX_TRAINED_ON_CHARACTERS = 200;
/** Begins the names of Adam's moments. */
const MOMENT_PREFIXES = ["adam/m/", "adam/v/"];

type Fields = Readonly<Record<string, unknown>>;

const PROGRESS_KEYS = ["step", "batch", "lossSum", "elapsedMs", "history"];

/**
 * Checks a state that somebody wrote, and fills in what options of today an older file lacks.
 *
 * @throws {Error} with the first thing that is wrong
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
  const problem = resolveAddition(asFields("the problem", state.problem));
  const model = checkModelConfig(asFields("the model", state.model) as unknown as ModelConfig);
  const training = resolveTraining(asFields("the training", state.training));
  checkFit(problem, model);
  const progress = checkSavedProgress(asFields("the progress", state.progress), training);
  return { runId, trainedOn, problem, model, training, progress };
}

/**
 * Checks that the tensors of a file are those of its model: all parameters, and either both moments of each or none.
 *
 * @throws {TypeError} with the first one that is missing, has another shape, or is not of the model
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
    const has = found.has(name) ? `has (${found.get(name)})` : "is not there";
    throw new TypeError(`the tensor "${name}" must have the shape (${wanted}), but ${has}`);
  }
  if (tensors.length === expected.length) return;
  const names = new Set(expected.map(({ name }) => name));
  const other = tensors.find(({ name }) => !names.has(name))?.name ?? tensors[0]!.name;
  throw new TypeError(`the model has ${expected.length} tensors, and "${other}" is not one more`);
}

/** Says whether a tensor is a moment of Adam's. */
export function isMoment({ name }: { readonly name: string }): boolean {
  return name.startsWith("adam/");
}

/** A model answers the problem that it was trained on. */
function checkFit(problem: AdditionProblem, model: ModelConfig): void {
  const { length, reverse } = additionLayout(problem);
  const wanted: Partial<ModelConfig> = {
    characters: ADDITION_CHARACTERS,
    inputLength: length,
    outputLength: additionAnswerLength(problem),
    reverse,
  };
  for (const [name, value] of Object.entries(wanted)) {
    const found = model[name as keyof ModelConfig];
    if (found === value) continue;
    throw new RangeError(
      `the model must fit the problem, whose ${name} is ${show(value)}, but it has ${show(found)}`,
    );
  }
}

/** Keys are checked here, because what is not known would be left out of the copy. */
function checkSavedProgress(given: Fields, { epochs }: TrainingOptions): TrainingProgress {
  checkKeys("the progress", given, PROGRESS_KEYS);
  if (Array.isArray(given.history) && given.history.length > epochs) {
    throw new RangeError(
      `the history must have at most ${epochs} epochs, but has ${given.history.length}`,
    );
  }
  return checkProgress("go on", given as unknown as TrainingProgress);
}

/** Checks that keys are those, and each is there. @throws {TypeError} if one is not known or missing */
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

/** Takes a value as an object. @throws {TypeError} if it is not one, with the name of what it should be */
export function asFields(what: string, value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new TypeError(`${what} must be an object`);
}

/** A value in a message; a long one is cut. */
function show(value: unknown): string {
  const text = typeof value === "number" ? String(value) : JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
