/** Checks that a model can be used: it is not disposed of, and it has not changed meanwhile. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { type Fault, isObject } from "../arguments/rule.ts";
import type { Model } from "./model.ts";

/**
 * Checks that a model can be used.
 *
 * @throws {TypeError} if it is not a model
 * @throws {Error} if it was disposed of
 */
export function checkModel(action: string, model: Model): void {
  checkValue(action, "the model", model, MODEL_RULE);
  if (!model.executor.disposed) return;
  throw new Error(`Cannot ${action}: the model was disposed of`);
}

/**
 * Makes a function that checks that a model has not changed since this call, so that the results of several batches come
 * from the same parameters.
 */
export function watchModel(action: string, model: Model): () => void {
  checkModel(action, model);
  const { changes } = model.executor;
  return () => {
    checkModel(action, model);
    if (model.executor.changes === changes) return;
    throw new Error(
      `Cannot ${action}: the parameters of the model were changed meanwhile; wait for the result before you train the model`,
    );
  };
}

const MODEL_RULE = {
  must: "a model, such as createModel() makes",
  findFault: (value: unknown): Fault | undefined =>
    isObject(value) && isObject(value.config) && isObject(value.source) && isObject(value.target) &&
      isObject(value.executor) && typeof value.executor.answer === "function"
      ? undefined
      : "type",
};
