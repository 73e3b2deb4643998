/** The internal state of every training: whether a loop runs, and whether steps are being taken. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { type Fault, isObject } from "../arguments/rule.ts";
import { checkModel, checkVariables } from "../model/in_use.ts";
import type { Model } from "../model/model.ts";
import type { TrainingProgress } from "./progress.ts";
import type { Training } from "./training.ts";

/** The internal state of a training. */
export interface TrainingState {
  /** How far it has come. */
  progress: TrainingProgress;
  /** While steps are taken: resolves when parameters, moments and progress fit together again. Else undefined. */
  stepping: Promise<void> | undefined;
  /** The error of a step that failed. Parameters, moments and progress then no longer fit together. */
  failure: Error | undefined;
}

const STATES = new WeakMap<Training, TrainingState>();
/** The training whose loop changes a model now. */
const LOOPS = new WeakMap<Model, Training>();

/** Notes the state of a new training. */
export function registerTraining(training: Training, state: TrainingState): void {
  STATES.set(training, state);
}

/**
 * Gives the state of a training, and checks that the training can be used now.
 *
 * @throws {TypeError} if it is not a training
 * @throws {Error} if it or its model was disposed of, or its backend is not in use
 */
export function stateOf(action: string, training: Training): TrainingState {
  checkValue(action, "the training", training, TRAINING_RULE);
  checkVariables(action, training.optimizer.moments, "the training");
  checkModel(action, training.model);
  return STATES.get(training)!;
}

/**
 * Begins a loop over a training. Only one loop at a time may change a model.
 *
 * @returns an object that ends the loop when it is disposed of
 * @throws {Error} if another loop runs
 */
export function beginLoop(training: Training): Disposable {
  const { model } = training;
  const other = LOOPS.get(model);
  if (other !== undefined) {
    throw new Error(
      `Cannot train: another loop over ${
        other === training ? "this training" : "another training of this model"
      } has not ended; end it first, by its signal or by leaving the loop`,
    );
  }
  LOOPS.set(model, training);
  return { [Symbol.dispose]: () => endLoop(training) };
}

/** Ends the loop over a training, if there is one. */
export function endLoop(training: Training): void {
  if (LOOPS.get(training.model) === training) LOOPS.delete(training.model);
}

/** Notes that steps are being taken. Dispose of the result when they are done and counted. */
export function beginSteps(state: TrainingState): Disposable {
  const { promise, resolve } = Promise.withResolvers<void>();
  state.stepping = promise;
  return {
    [Symbol.dispose]: () => {
      state.stepping = undefined;
      resolve();
    },
  };
}

/**
 * Waits until parameters, moments and progress of a training fit together.
 *
 * @throws {RangeError} if a step failed, so that they no longer fit together
 */
export async function whenAtRest(action: string, training: Training): Promise<TrainingState> {
  let state = stateOf(action, training);
  while (state.stepping !== undefined) {
    await state.stepping;
    state = stateOf(action, training); // it may have been disposed of meanwhile
  }
  if (state.failure === undefined) return state;
  throw new RangeError(
    `Cannot ${action}: a step of the training failed, and its parameters and progress no longer fit together; continue from what was saved before (${state.failure.message})`,
    { cause: state.failure },
  );
}

const TRAINING_RULE = {
  must: "a training, such as createTraining() makes",
  findFault: (value: unknown): Fault | undefined =>
    isObject(value) && STATES.has(value as unknown as Training) ? undefined : "type",
};
