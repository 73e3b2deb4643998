/** From a problem to what is trained and measured on. @module */
import { createCharacterTable } from "../codec/character_table.ts";
import { createDataset } from "./dataset.ts";
import { type Split, splitDataset } from "./split.ts";
import {
  ADDITION_CHARACTERS,
  additionAnswerLength,
  additionLayout,
  type AdditionProblem,
  generateAddition,
} from "../problem/addition.ts";
import type { Example } from "../problem/example.ts";

/** Generates the questions of a problem and splits them; the same for the same problem. */
export function prepareSplit(problem: AdditionProblem, onExample?: (made: number) => void): Split {
  const table = createCharacterTable(ADDITION_CHARACTERS);
  const examples = countExamples(generateAddition(problem), onExample);
  const dataset = createDataset(examples, table, {
    inputLength: additionLayout(problem).length,
    outputLength: additionAnswerLength(problem),
  });
  return splitDataset(dataset, { seed: problem.seed });
}

/** Passes examples on and counts them. */
export function* countExamples(
  examples: Iterable<Example>,
  onExample: (made: number) => void = () => {},
): Generator<Example, void> {
  let made = 0;
  for (const example of examples) {
    onExample(++made);
    yield example;
  }
}
