/** A training small enough for a test: additions of one digit. @module */
import { characterLayout, type Layout } from "../src/codec/layout.ts";
import { createDataset } from "../src/dataset/dataset.ts";
import { type Split, splitDataset } from "../src/dataset/split.ts";
import { checkModelConfig, type ModelConfig } from "../src/network/config.ts";
import { ADDITION_CHARACTERS, generateAddition } from "../src/problem/addition.ts";
import type { ProblemSettings } from "../src/problem/problem.ts";
import { resolveProblem } from "../src/problem/registry.ts";
import type { TrainingOptions } from "../src/training/options.ts";

/** An addition problem with all 55 pairs of one digit. */
export const TINY_PROBLEM: ProblemSettings = resolveProblem({ name: "addition", digits: 1 });

/** A layout of some lengths with one table of characters, reversed. */
export function layOutTexts(
  inputLength: number,
  outputLength: number,
  characters: string = ADDITION_CHARACTERS,
): Layout {
  return characterLayout(characters, { inputLength, outputLength, reverse: true });
}

/** An LSTM with 8 units. */
export const TINY_MODEL: ModelConfig = checkModelConfig({
  cell: "lstm",
  hiddenSize: 8,
  layers: 1,
  ...layOutTexts(3, 2),
});

/** Four epochs of seven steps. */
export const TINY_OPTIONS: Partial<TrainingOptions> = { epochs: 4, batchSize: 8, seed: 5 };

/** 50 pairs to train on, 5 to measure on. */
export function makeTinySplit(): Split {
  const dataset = createDataset(generateAddition({ digits: 1 }), TINY_MODEL);
  return splitDataset(dataset, { seed: TINY_PROBLEM.seed });
}

/** A clock that advances by a millisecond at every reading. */
export function createTestClock(): () => number {
  let now = 0;
  return () => now++;
}
