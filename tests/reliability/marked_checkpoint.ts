/** Makes checkpoints in which every part identifies the save, so that a mixture of two is detected. @module */
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import type { ModelConfig } from "../../src/network/config.ts";
import { type NamedTensor, parameterShapes } from "../../src/network/parameters.ts";
import { resolveTraining } from "../../src/training/resolve_training.ts";
import { TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";

/** Limit of the history, which grows with the step. */
const LONGEST_HISTORY = 16;

/** Gives the number of epochs in the history of a step. */
export function countEpochs(step: number): number {
  return step % LONGEST_HISTORY;
}

/**
 * Makes the checkpoint of a step. All values of its tensors equal the step.
 *
 * @param parameters approximate number of its model's parameters, at least 41; there are twice as many moments
 */
export function markCheckpoint(step: number, parameters = 41): Checkpoint {
  const model: ModelConfig = { ...TINY_MODEL, cell: "simple", hiddenSize: sizeFor(parameters) };
  const tensors = (prefix: string): NamedTensor[] =>
    parameterShapes(model).map(({ name, shape }) => ({
      name: prefix + name,
      shape,
      values: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(step),
    }));
  const history = Array.from({ length: countEpochs(step) }, (_, i) => ({
    epoch: i + 1,
    step: i + 1,
    loss: 1,
    validationLoss: 1,
    characterAccuracy: 0.5,
    exactMatch: 0.25,
    elapsedMs: step,
  }));
  return {
    runId: null,
    trainedOn: null,
    problem: TINY_PROBLEM,
    model,
    training: resolveTraining({ epochs: LONGEST_HISTORY }),
    progress: { step, batch: step - history.length, lossSum: 0, elapsedMs: 0, history },
    parameters: tensors(""),
    moments: [...tensors("adam/m/"), ...tensors("adam/v/")],
  };
}

/** Gives the hidden size H for a number of parameters: a model of simple cells has 3 H² + 26 H + 12. */
function sizeFor(parameters: number): number {
  return Math.max(1, Math.round((-26 + Math.sqrt(26 ** 2 + 12 * (parameters - 12))) / 6));
}

/** Says whether all parts are from one save. */
export function isWhole({ parameters, moments, progress }: Checkpoint): boolean {
  const { step, history } = progress;
  return parameters.length === 8 && moments.length === 16 && history.length === countEpochs(step) &&
    [...parameters, ...moments].every(({ values }) => values.every((value) => value === step));
}
