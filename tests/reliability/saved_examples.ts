/** Examples of what Carry has saved: an event of every kind, and states of checkpoints, in every form so far. @module */
import { TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";
import { resolveTraining } from "../../src/training/resolve_training.ts";

/** Problem and model as they were saved when every problem was an addition. */
const OLD = {
  problem: { digits: 1, examples: 55, reverse: true, sampler: "notebook", seed: 0 },
  model: {
    ...{ cell: "lstm", hiddenSize: 8, layers: 1, inputLength: 3, outputLength: 2 },
    ...{ characters: " +0123456789", reverse: true },
  },
};

const BACKEND = {
  ...{ name: "cpu", reason: "as asked", executor: "kernels", threads: 2 },
  ...{ build: "relaxed", requested: "cpu", adapter: "none" },
};

const START = {
  ...{ event: "start", run: "r", runId: "a", backend: BACKEND },
  ...{ problem: TINY_PROBLEM, model: TINY_MODEL, training: resolveTraining() },
  ...{ parameters: 1324, trainingExamples: 50, validationExamples: 5, step: 0 },
};

const CELLS = [{ key: "0", examples: 5, right: 1 }, { key: "1", examples: 2, right: 2 }];

/** Events in the form that is written: at least one of every kind, with all fields. */
export const EVENTS: readonly Readonly<Record<string, unknown>>[] = [
  START,
  {
    ...{ event: "step", epoch: 1, step: 1, steps: 28 },
    ...{ loss: 2.5, characterAccuracy: 0.1, learningRate: 1e-3 },
  },
  {
    ...{ event: "epoch", epoch: 1, step: 7, loss: 2.4, validationLoss: 2.3 },
    ...{ characterAccuracy: 0.2, exactMatch: 0, elapsedMs: 9, best: true },
  },
  {
    ...{ event: "samples", epoch: 1 },
    samples: [
      { question: "3+4", target: "7", guess: "1", probability: 0.1, characterProbabilities: [0.2] },
    ],
  },
  {
    ...{ event: "learned", epoch: 1, positions: CELLS, symbols: ["", "\t", "a"] },
    groups: [
      { name: "lengths", title: "Lengths", grid: { rows: "a", columns: "b" }, cells: CELLS },
      { name: "carries", title: "Carries", cells: CELLS },
    ],
    confusion: [5, 0, 0, 0, 1, 0, 0, 0, 1],
  },
  { event: "end", reason: "epochs", epochs: 4, exactMatch: 0.5, checkpoint: "r/latest" },
];

/** Events in older forms. */
export const OLD_EVENTS: readonly Readonly<Record<string, unknown>>[] = [
  { ...START, ...OLD, runId: undefined, backend: { name: "cpu", reason: "as asked" } },
  {
    ...{ event: "learned", epoch: 1, characters: " +0", confusion: [5, 0, 0, 0, 1, 0, 0, 0, 1] },
    ...{ carries: CELLS, lengths: [], positions: CELLS },
  },
];

/** Converts a state that is written now to the form of the format `carry-2`. Its model has one decoder layer and simple cells. */
export function writeOldState(state: Readonly<Record<string, unknown>>): unknown {
  const model = state.model as { readonly cell: string; readonly hiddenSize: number };
  const { cell, hiddenSize } = model;
  return { ...state, problem: OLD.problem, model: { ...OLD.model, cell, hiddenSize } };
}
