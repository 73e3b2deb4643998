/** Checks that a model can be used: it is not disposed of, its backend is in use, and it has not changed meanwhile. @module */
import * as tf from "@tensorflow/tfjs";
import { checkValue } from "../arguments/resolve_options.ts";
import { type Fault, isObject } from "../arguments/rule.ts";
import type { DeviceTensor, Model, Parameter } from "./model.ts";

/** The backend of each variable. */
const BACKENDS = new WeakMap<DeviceTensor, string>();
/** The number of times that the parameters of each model were changed. */
const CHANGES = new WeakMap<Model, number>();

/** Makes a variable on the backend in use. It may keep the array of values, which the caller must not use again. */
export function createVariable(values: Float32Array, shape: readonly number[]): tf.Variable {
  const variable = tf.tidy(() => tf.variable(tf.tensor(values, [...shape], "float32")));
  BACKENDS.set(variable, tf.getBackend());
  return variable;
}

/**
 * Checks that variables can be used.
 *
 * @param owner name of their owner in an error: `the model`
 * @throws {Error} if one was disposed of, or is on a backend that is not in use
 */
export function checkVariables(
  action: string,
  variables: readonly Parameter[],
  owner: string,
): void {
  for (const { variable } of variables) {
    if ((variable as tf.Variable).isDisposed) {
      throw new Error(`Cannot ${action}: ${owner} was disposed of`);
    }
    const madeOn = BACKENDS.get(variable);
    const backend = tf.getBackend();
    if (madeOn === undefined || madeOn === backend) continue;
    throw new Error(
      `Cannot ${action}: ${owner} is on the backend "${madeOn}", but "${backend}" is in use now; select "${madeOn}" again, or make or load the model after selectBackend()`,
    );
  }
}

/**
 * Checks that a model can be used.
 *
 * @throws {TypeError} if it is not a model
 * @throws {Error} if it was disposed of, or is on a backend that is not in use
 */
export function checkModel(action: string, model: Model): void {
  checkValue(action, "the model", model, MODEL_RULE);
  checkVariables(action, model.parameters, "the model");
}

/** Notes that a model's parameters were changed. */
export function noteChange(model: Model): void {
  CHANGES.set(model, (CHANGES.get(model) ?? 0) + 1);
}

/**
 * Makes a function that checks that a model has not changed since this call, so that the results of several batches come
 * from the same parameters.
 */
export function watchModel(action: string, model: Model): () => void {
  checkModel(action, model);
  const changes = CHANGES.get(model);
  return () => {
    checkModel(action, model);
    if (CHANGES.get(model) === changes) return;
    throw new Error(
      `Cannot ${action}: the parameters of the model were changed meanwhile; wait for the result before you train the model`,
    );
  };
}

const MODEL_RULE = {
  must: "a model, such as createModel() makes",
  findFault: (value: unknown): Fault | undefined =>
    isObject(value) && isObject(value.config) && isObject(value.table) &&
      Array.isArray(value.parameters) && value.parameters.length > 0
      ? undefined
      : "type",
};
