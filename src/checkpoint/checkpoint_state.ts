/**
 * The state of a checkpoint: everything but its tensors. It is checked as a whole, because a hash finds damage, but not
 * values that contradict each other.
 *
 * Writer and reader make the same checks, so that whatever is written can be read.
 *
 * @module
 */
import { nullable, recordRule } from "../arguments/record.ts";
import { checkUnknown } from "../arguments/resolve_options.ts";
import { describeFound, type Fault, objectRule, type Rule } from "../arguments/rule.ts";
import { checkModelConfig, type ModelConfig } from "../network/config.ts";
import { parameterShapes } from "../network/parameters.ts";
import { directAnswers, findDifference } from "../codec/layout.ts";
import type { ProblemSettings } from "../problem/problem.ts";
import { findKind, resolveProblem } from "../problem/registry.ts";
import type { TrainingOptions } from "../training/options.ts";
import { checkDropout } from "../training/regularization.ts";
import { resolveTraining } from "../training/resolve_training.ts";
import { checkProgress, type TrainingProgress } from "../training/progress.ts";
import type { Fields } from "./migrations.ts";

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
const ACTION = "continue";
/** Prefixes of the names of Adam's moments. */
const MOMENT_PREFIXES = ["adam/m/", "adam/v/"];

/** Runs have an identity since one is saved in their checkpoints and their log. */
const IDENTITY: Rule<string> = {
  must: `a text that matches ${RUN_ID}`,
  findFault(value): Fault | undefined {
    if (typeof value !== "string") return "type";
    return RUN_ID.test(value) ? undefined : "value";
  },
};

const DESCRIPTION: Rule<string> = {
  must: `a text of 1 to ${MAX_TRAINED_ON_CHARACTERS} characters`,
  findFault(value): Fault | undefined {
    if (typeof value !== "string") return "type";
    return value.length >= 1 && value.length <= MAX_TRAINED_ON_CHARACTERS ? undefined : "value";
  },
};

/** The parts of a state. Problem, model, training and progress are then checked by what they configure. */
const STATE: Rule<CheckpointState> = recordRule<CheckpointState>({
  runId: nullable(IDENTITY),
  trainedOn: nullable(DESCRIPTION),
  problem: objectRule(),
  model: objectRule(),
  training: objectRule(),
  progress: objectRule(),
});

/**
 * Checks a state as a whole. It must be complete: what older files lack is filled in by migrations.ts.
 *
 * @throws {Error} with the first fault
 */
export function checkState(state: Fields): CheckpointState {
  const { runId, trainedOn, progress } = checkUnknown(ACTION, "the state", state, STATE);
  const problem = complete("problem", state.problem, resolveProblem);
  const model = complete("model", state.model, checkModelConfig);
  const training = complete("training", state.training, resolveTraining);
  checkFit(problem, model);
  checkDropout(training.dropout, model.decoder);
  const epochs = progress.history?.length ?? 0;
  if (epochs > training.epochs) {
    throw new RangeError(
      `the history must have at most ${training.epochs} epochs, but has ${epochs}`,
    );
  }
  return { runId, trainedOn, problem, model, training, progress: checkProgress(ACTION, progress) };
}

/** Checks settings, of which none may be missing: a default could change after they were saved. */
function complete<T extends object>(
  what: string,
  given: unknown,
  resolve: (given: Fields) => T,
): T {
  const resolved = resolve(given as Fields);
  const missing = Object.keys(resolved).find((name) => !Object.hasOwn(given as Fields, name));
  if (missing === undefined) return resolved;
  throw new TypeError(`the ${what} must have the key ${describeFound(missing)}`);
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

/**
 * Checks that a model has the layout that its problem demands. Layouts that are measured from data are not checked.
 *
 * @throws {RangeError} if it has another one; the message is for a caller who writes its beginning
 */
export function checkFit(problem: ProblemSettings, model: ModelConfig): void {
  const { source, target } = model;
  const usual = findKind(problem.name).layOut?.(problem, source.reverse === true);
  if (usual === undefined) return;
  const wanted = directAnswers(usual, target.reverse === "text");
  for (const side of ["source", "target"] as const) {
    const name = findDifference(wanted[side], model[side]);
    if (name === undefined) continue;
    throw new RangeError(
      `the model must fit the problem, whose ${side}.${name} is ${
        show(wanted[side][name])
      }, but it has ${show(model[side][name])}`,
    );
  }
}

/** Formats a value for a message. A long one is cut. */
function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
