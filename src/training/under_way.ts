/** The internal state of every training: whether a loop runs, and whether steps are under way. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { type Fault, isObject } from "../arguments/rule.ts";
import { checkModel } from "../model/in_use.ts";
import type { Model } from "../model/model.ts";
import type { TrainingProgress } from "./progress.ts";
import type { Training } from "./training.ts";
import { createDeferred } from "../time/deferred.ts";

/** The internal state of a training. */
export interface TrainingState {
  /** How far it has come. */
  progress: TrainingProgress;
  /** The steps that a loop takes now, if one does. */
  steps: StepsUnderWay | undefined;
  /** While somebody waits for the steps that are under way: resolves when more may be taken. */
  rest: Promise<void> | undefined;
  /** The error of a step that failed. Parameters, moments and progress then no longer fit together. */
  failure: Error | undefined;
}

/** Steps that were taken. Their figures come later, and only then does the progress count them. */
export interface StepsUnderWay extends Disposable {
  /** Number of steps that were taken and are not in the progress yet. */
  readonly uncounted: number;
  /** Waits until all steps that were taken are done and in the progress. @throws {Error} if one failed */
  settle(): Promise<void>;
}

const STATES = new WeakMap<object, TrainingState>();
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
 * @throws {Error} if it or its model was disposed of
 */
export function stateOf(action: string, training: Training): TrainingState {
  checkValue(action, "the training", training, TRAINING_RULE);
  checkModel(action, training.model);
  if (!training.optimizer.disposed) return STATES.get(training)!;
  throw new Error(`Cannot ${action}: the training was disposed of`);
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
  STATES.get(training)?.steps?.[Symbol.dispose]();
  if (LOOPS.get(training.model) === training) LOOPS.delete(training.model);
}

/**
 * Waits until parameters, moments and progress of a training fit together, then uses them: `use` is called before another step can
 * be taken. What it reads from the device by then is of that step, too.
 *
 * @throws {RangeError} if a step failed, so that they no longer fit together
 */
export async function whenAtRest<Result>(
  action: string,
  training: Training,
  use: (state: TrainingState) => Result | Promise<Result>,
): Promise<Result> {
  let state = stateOf(action, training);
  const { promise, resolve } = createDeferred<void>();
  state.rest = promise;
  try {
    while (state.failure === undefined && (state.steps?.uncounted ?? 0) > 0) {
      await state.steps!.settle().catch(() => {}); // the failure is in the state, and is the loop's to throw
      state = stateOf(action, training); // it may have been disposed of meanwhile
    }
    if (state.failure === undefined) return use(state);
  } finally {
    if (state.rest === promise) state.rest = undefined;
    resolve();
  }
  throw new RangeError(
    `Cannot ${action}: a step of the training failed, and its parameters and progress no longer fit together; continue from what was saved before (${state.failure.message})`,
    { cause: state.failure },
  );
}

const TRAINING_RULE = {
  must: "a training, such as createTraining() makes",
  findFault: (value: unknown): Fault | undefined =>
    isObject(value) && STATES.has(value) ? undefined : "type",
};
