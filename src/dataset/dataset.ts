/**
 * Examples as indices, with one byte for each character: a million 3-digit additions take 11 MB.
 *
 * @module
 */
import { checkValue } from "../arguments/resolve_options.ts";
import { describeFound, type Fault, isObject, objectRule, type Rule } from "../arguments/rule.ts";
import { readWritten, writeEdits, writesEdits } from "../codec/answer_edits.ts";
import { checkTextLayout, type Layout } from "../codec/layout.ts";
import { CODEC_RULE, createTextCodec, type TextCodec } from "../codec/text_codec.ts";
import type { Example } from "../problem/example.ts";
import { runAtOnce, type Sliced } from "../time/slices.ts";
import { createRowList, MAX_BYTES, type RowPlace } from "./row_list.ts";

/** Encoded examples, and how they are laid out. */
export interface Dataset {
  /** The layout of the sources; `source.length` is T_in. */
  readonly source: TextCodec;
  /** The layout of the targets; `target.length` is T_out. */
  readonly target: TextCodec;
  /** Number of examples, N. */
  readonly count: number;
  /** Indices of the sources, uint8 (N, T_in). */
  readonly sources: Uint8Array;
  /** Indices of the targets, uint8 (N, T_out). */
  readonly targets: Uint8Array;
}

/** Collects examples for a dataset, one by one, and keeps none as text. */
export interface DatasetBuilder {
  /** Number of examples so far. */
  readonly count: number;
  /**
   * Encodes an example.
   *
   * @throws {TypeError | RangeError | SyntaxError} if it cannot be encoded, with its number
   */
  add(example: Example): void;
  /** Gives the dataset. The builder is empty then. @throws {RangeError} if there is no example */
  finish(): Dataset;
}

/** Number of examples that are encoded in a few milliseconds. */
export const EXAMPLES_A_SLICE = 4096;

const ACTION = "make a dataset";
/** Most examples: their positions, as uint32, take 1 GiB. */
const MAX_COUNT = 2 ** 28;

/**
 * Makes a dataset: encodes examples one by one, and keeps none as text.
 *
 * @throws {RangeError} if a text is too long for the layout, or there is no example
 * @throws {SyntaxError} if a symbol is not in its table
 * @throws {TypeError} if an argument has a wrong type
 * @example
 * ```ts
 * import { characterLayout, createDataset } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * const layout = characterLayout(" +0123456789", { inputLength: 3, outputLength: 2 });
 * const dataset = createDataset([{ question: "1+1", answer: "2" }], layout);
 * assertEquals([...dataset.targets], [4, 0]);
 * ```
 */
export function createDataset(examples: Iterable<Example>, layout: Layout): Dataset {
  return runAtOnce(encodeExamples(examples, layout));
}

/** Makes a dataset as {@linkcode createDataset} does, in slices. It yields the number of examples encoded. */
export function* encodeExamples(examples: Iterable<Example>, layout: Layout): Sliced<Dataset> {
  checkValue(ACTION, "the examples", examples, ITERABLE);
  const builder = createDatasetBuilder(layout);
  for (const example of examples) {
    builder.add(example);
    if (builder.count % EXAMPLES_A_SLICE === 0) yield builder.count;
  }
  if (builder.count === 0 && isIterator(examples)) {
    throw new RangeError(`${NO_EXAMPLE}; a generator gives its examples only once`);
  }
  return builder.finish();
}

const NO_EXAMPLE = "Cannot make a dataset: there must be at least one example, but there is none";

/**
 * Makes an empty builder of a dataset.
 *
 * @param expected number of examples that are expected: memory for them is taken at once, and need not be enlarged
 * @throws {TypeError | RangeError | SyntaxError} if the layout is not valid
 */
export function createDatasetBuilder(layout: Layout, expected = 0): DatasetBuilder {
  checkValue(ACTION, "the layout", layout, objectRule());
  const source = createTextCodec(checkTextLayout(ACTION, layout.source, "the source's layout"));
  const target = createTextCodec(checkTextLayout(ACTION, layout.target, "the target's layout"));
  const most = Math.floor(Math.min(MAX_COUNT, MAX_BYTES / Math.max(source.length, target.length)));
  let sources = createRowList(source.length, expected);
  let targets = createRowList(target.length, expected);
  let count = 0;
  return {
    get count(): number {
      return count;
    },
    add(example): void {
      if (count === most) {
        throw new RangeError(
          `Cannot make a dataset: there is room for ${most} examples of these lengths, but there are more`,
        );
      }
      if (!isObject(example)) {
        throw new TypeError(
          `Cannot make a dataset: example ${count} must have a question and an answer, but is ${
            describeFound(example)
          }`,
        );
      }
      const nameOf = (what: string): string => `the ${what} of example ${count}`;
      encodeText(source, example.question, sources.addRow(), () => nameOf("question"));
      encodeAnswer(target, example, targets.addRow(), () => nameOf("answer"));
      count++;
    },
    finish(): Dataset {
      if (count === 0) throw new RangeError(NO_EXAMPLE);
      const dataset = { source, target, count, sources: sources.take(), targets: targets.take() };
      sources = createRowList(source.length);
      targets = createRowList(target.length);
      count = 0;
      return markChecked(dataset);
    },
  };
}

/**
 * Encodes the answer of an example, as edits of its question if the layout says so.
 *
 * @throws {TypeError | RangeError | SyntaxError} if it cannot be encoded; the error says which text it is
 */
export function encodeAnswer(
  codec: TextCodec,
  { question, answer }: Example,
  place: RowPlace,
  name: () => string,
): void {
  const isEdited = writesEdits(codec.layout) && typeof answer === "string";
  encodeText(codec, isEdited ? writeEdits(question, answer, codec.layout) : answer, place, name);
}

/** Encodes a text. If it cannot be encoded, the error says which text it is. */
export function encodeText(
  codec: TextCodec,
  text: unknown,
  place: RowPlace,
  name: () => string,
): void {
  try {
    codec.write(text as string, place.to, place.start);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const { message } = cause;
    const ErrorClass = cause.constructor as new (message: string, options: ErrorOptions) => Error;
    throw new ErrorClass(`${message} (${name()})`, { cause });
  }
}

/** Datasets whose indices were all found to be in their tables. */
const CHECKED = new WeakSet<Dataset>();

/** Notes that all indices of a dataset are in its tables, which its maker knows. */
export function markChecked(dataset: Dataset): Dataset {
  CHECKED.add(dataset);
  return dataset;
}

/**
 * Checks a dataset that a caller gives: one of {@linkcode createDataset}, or an object with the same fields. All indices
 * are checked, because with an index beyond the table a device would read other memory. Each dataset is checked once.
 *
 * @throws {TypeError} if it is not a dataset
 * @throws {RangeError} if it has no example, or an index beyond its table
 */
export function checkDataset(action: string, dataset: Dataset, name = "the dataset"): void {
  if (isObject(dataset) && CHECKED.has(dataset)) return;
  checkValue(action, name, dataset, DATASET_RULE);
  const { count } = dataset;
  if (count === 0) {
    throw new RangeError(`Cannot ${action}: ${name} must have at least one example, but has none`);
  }
  for (const side of ["source", "target"] as const) {
    const { size } = dataset[side];
    const part = `${side}s` as const;
    const wrong = dataset[part].findIndex((index) => index >= size);
    if (wrong < 0) continue;
    throw new RangeError(
      `Cannot ${action}: every index of ${name} must be an integer from 0 to ${
        size - 1
      }, but position ${wrong} of its ${part} has ${dataset[part][wrong]}`,
    );
  }
  CHECKED.add(dataset);
}

const DATASET_RULE = {
  must: "a dataset, such as createDataset() makes",
  findFault: (value: unknown): Fault | undefined => isDataset(value) ? undefined : "type",
};

function isDataset(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { source, target, count, sources, targets } = value;
  if (CODEC_RULE.findFault(source) !== undefined || CODEC_RULE.findFault(target) !== undefined) {
    return false;
  }
  const [{ length: T_in }, { length: T_out }] = [source as TextCodec, target as TextCodec];
  return Number.isSafeInteger(count) && (count as number) >= 0 &&
    sources instanceof Uint8Array && targets instanceof Uint8Array &&
    sources.length === (count as number) * T_in && targets.length === (count as number) * T_out;
}

/** The rule for examples that are given. */
export const ITERABLE: Rule<Iterable<Example>> = {
  must: "an array of examples, or another iterable",
  findFault: (value: unknown): Fault | undefined =>
    typeof value === "object" && value !== null && Symbol.iterator in value ? undefined : "type",
};

/** Says whether examples can be read only once, as those of a generator. */
function isIterator(examples: Iterable<Example>): boolean {
  const iterator: unknown = examples[Symbol.iterator]();
  return iterator === examples;
}

/**
 * Reads one example back as people write it: not padded, not reversed, in its Unicode form, no edits.
 *
 * @param at position of the example, from 0
 * @throws {TypeError} if the dataset is not valid
 * @throws {RangeError} if there is no example at the position
 */
export function readExample(dataset: Dataset, at: number): Example {
  checkDataset("read an example", dataset);
  if (!Number.isInteger(at) || at < 0 || at >= dataset.count) {
    throw new RangeError(
      `Cannot read example ${describeFound(at)}: the dataset has examples 0 to ${
        dataset.count - 1
      }`,
    );
  }
  const { source, target, sources, targets } = dataset;
  const question = source.read(sources.subarray(at * source.length, (at + 1) * source.length));
  const written = target.read(targets.subarray(at * target.length, (at + 1) * target.length));
  return { question, answer: readWritten(question, written, target.layout) };
}
