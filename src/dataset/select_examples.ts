/** Makes datasets of some examples of another one. @module */
import { describeFound, isObject } from "../arguments/rule.ts";
import type { Example } from "../problem/example.ts";
import type { Sliced } from "../time/slices.ts";
import {
  type Dataset,
  encodeAnswer,
  encodeText,
  EXAMPLES_A_SLICE,
  markChecked,
  readExample,
} from "./dataset.ts";
import { copyRow } from "./row_list.ts";

/** Number of rows that are copied in a few milliseconds. */
const ROWS_A_SLICE = 65_536;

/** Makes a dataset of the examples at some positions, in that order. It yields the number of examples copied. */
export function* selectExamples(dataset: Dataset, positions: Uint32Array): Sliced<Dataset> {
  const { source: { length: inputLength }, target: { length: outputLength } } = dataset;
  const sources = new Uint8Array(positions.length * inputLength);
  const targets = new Uint8Array(positions.length * outputLength);
  for (let at = 0; at < positions.length; at++) {
    copyRow(dataset.sources, positions[at]!, sources, at, inputLength);
    copyRow(dataset.targets, positions[at]!, targets, at, outputLength);
    if ((at + 1) % ROWS_A_SLICE === 0) yield at + 1;
  }
  return markChecked({ ...dataset, count: positions.length, sources, targets });
}

/**
 * Copies the examples at some positions, and encodes another form of each. Both results share the same memory. It yields the
 * number of examples that are done.
 *
 * @returns the examples, and the examples followed by their other forms
 * @throws {TypeError} if another form is not an example
 */
export function* selectWithForms(
  dataset: Dataset,
  positions: Uint32Array,
  formOf: (example: Example) => Example,
): Sliced<{ readonly selected: Dataset; readonly withForms: Dataset }> {
  const { source, target } = dataset;
  const [inputLength, outputLength] = [source.length, target.length];
  const count = positions.length;
  const sources = new Uint8Array(2 * count * inputLength);
  const targets = new Uint8Array(2 * count * outputLength);
  for (let at = 0; at < count; at++) {
    copyRow(dataset.sources, positions[at]!, sources, at, inputLength);
    copyRow(dataset.targets, positions[at]!, targets, at, outputLength);
    const example = readExample(dataset, positions[at]!);
    const form = formOf(example);
    const name = (): string => `another form of ${describeFound(example.question)}`;
    if (!isObject(form)) {
      throw new TypeError(
        `Cannot make a dataset: ${name()} must have a question and an answer, but is ${
          describeFound(form)
        }`,
      );
    }
    const row = count + at;
    encodeText(source, form.question, { to: sources, start: row * inputLength }, name);
    encodeAnswer(target, form, { to: targets, start: row * outputLength }, name);
    if ((at + 1) % EXAMPLES_A_SLICE === 0) yield at + 1;
  }
  const withForms = markChecked({ ...dataset, count: 2 * count, sources, targets });
  const selected = markChecked({
    ...dataset,
    count,
    sources: sources.subarray(0, count * inputLength),
    targets: targets.subarray(0, count * outputLength),
  });
  return { selected, withForms };
}
