/** Checks what is to be exported. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { objectRule } from "../arguments/rule.ts";
import { takeReason } from "../arguments/take_reason.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { checkModelConfig } from "../network/config.ts";
import { checkParameters } from "../network/parameters.ts";
import { resolveProblem } from "../problem/registry.ts";
import { checkProgress } from "../training/progress.ts";
import { resolveTraining } from "../training/resolve_training.ts";

/** What every format holds of a checkpoint. */
export type ExportedModel = Pick<Checkpoint, "problem" | "model" | "parameters">;

/**
 * Checks that a checkpoint holds a model: what is exported can be used.
 *
 * @param action what fails otherwise: `export the model to ONNX`
 * @returns the model, with its parameters in the order of its layers
 * @throws {TypeError | RangeError} with the first fault
 */
export function checkExported(action: string, checkpoint: Checkpoint): ExportedModel {
  checkValue(action, "the checkpoint", checkpoint, objectRule());
  return restate(action, () => {
    const model = checkModelConfig(checkpoint.model);
    const parameters = checkParameters(model, checkpoint.parameters);
    return { problem: resolveProblem(checkpoint.problem), model, parameters };
  });
}

/**
 * Checks how the model of a checkpoint is trained, and how far.
 *
 * @throws {TypeError | RangeError} with the first fault
 */
export function checkTrained(
  action: string,
  { training, progress }: Checkpoint,
): Pick<Checkpoint, "training" | "progress"> {
  checkValue(action, "its training", training, objectRule());
  return restate(action, () => ({
    training: resolveTraining(training),
    progress: checkProgress(action, progress),
  }));
}

/** Does a check of another part, whose errors then say which action fails. */
export function restate<T>(action: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    const whole = `Cannot ${action}: ${takeReason(error)}`;
    throw error instanceof TypeError
      ? new TypeError(whole, { cause: error })
      : new RangeError(whole, { cause: error });
  }
}
