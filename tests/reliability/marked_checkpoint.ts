/** Checkpoints whose every part says which save they are from: a mixture of two shows. @module */
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { resolveTraining } from "../../src/training/options.ts";
import { TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";

/** The history grows with the step, but not for ever. */
const LONGEST_HISTORY = 16;

/** How many epochs the history of a step has. */
export function countEpochs(step: number): number {
  return step % LONGEST_HISTORY;
}

/** Makes the checkpoint of a step: three tensors of so many values, all of them the step. */
export function markCheckpoint(step: number, values = 2): Checkpoint {
  const tensor = (name: string): Checkpoint["parameters"][number] => ({
    name,
    shape: [values],
    values: new Float32Array(values).fill(step),
  });
  const history = Array.from({ length: countEpochs(step) }, (_, i) => ({
    epoch: i + 1,
    step,
    loss: 1,
    validationLoss: 1,
    characterAccuracy: 0.5,
    exactMatch: 0.25,
    elapsedMs: 2,
  }));
  return {
    runId: null,
    problem: TINY_PROBLEM,
    model: TINY_MODEL,
    training: resolveTraining({}),
    progress: { step, batch: 0, lossSum: 0, elapsedMs: 0, history },
    parameters: [tensor("a"), tensor("b")],
    moments: [tensor("adam/m/a")],
  };
}

/** Says whether all parts are from one save. */
export function isWhole({ parameters, moments, progress }: Checkpoint): boolean {
  const { step, history } = progress;
  return parameters.length === 2 && moments.length === 1 && history.length === countEpochs(step) &&
    [...parameters, ...moments].every(({ values }) => values.every((value) => value === step));
}
