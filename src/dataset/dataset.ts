/**
 * Examples as indices, with one byte for each character: a million 3-digit additions take 11 MB.
 *
 * @module
 */
import { checkValue } from "../arguments/resolve_options.ts";
import { describeFound, type Fault, integer, isObject, objectRule } from "../arguments/rule.ts";
import { type CharacterTable, type IndexPlace, TABLE_RULE } from "../codec/character_table.ts";
import { MAX_LENGTH } from "../codec/question.ts";
import { runAtOnce, type Sliced } from "../time/slices.ts";
import type { PaddedExample as Example } from "../problem/padded_example.ts";

/** Encoded examples, all of the same two lengths. */
export interface Dataset {
  /** The characters that the indices stand for. */
  readonly table: CharacterTable;
  /** Number of examples, N. */
  readonly count: number;
  /** Number of characters of a source, T_in. */
  readonly inputLength: number;
  /** Number of characters of a target, T_out. */
  readonly outputLength: number;
  /** Indices of the sources, uint8 (N, T_in). */
  readonly sources: Uint8Array;
  /** Indices of the targets, uint8 (N, T_out). */
  readonly targets: Uint8Array;
}

/** The lengths of sources and targets. */
export interface DatasetShape {
  /** Number of characters of a source, 1 to 4096. Shorter sources are padded with spaces on the right. */
  readonly inputLength: number;
  /** Number of characters of a target, 1 to 4096. Shorter targets are padded with spaces on the right. */
  readonly outputLength: number;
}

/** Numbers of examples that are encoded, and of rows that are copied, in a few milliseconds. */
const EXAMPLES_A_SLICE = 4096;
const ROWS_A_SLICE = 65_536;

const ACTION = "make a dataset";
const LENGTH = integer(1, MAX_LENGTH);
/** Most bytes of all sources, or of all targets: every platform's typed arrays can hold so many. */
const MAX_BYTES = 2 ** 32;
/** Most examples: their positions, as uint32, take 1 GiB. */
const MAX_COUNT = 2 ** 28;

/**
 * Makes a dataset: encodes examples one by one, and keeps none as text.
 *
 * @throws {RangeError} if a text is too long for the shape, or there is no example
 * @throws {SyntaxError} if a character is not in the table
 * @throws {TypeError} if an argument has a wrong type
 * @example
 * ```ts
 * import { ADDITION_CHARACTERS, createCharacterTable, createDataset } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * const table = createCharacterTable(ADDITION_CHARACTERS);
 * const examples = [{ source: "1+1", target: "2 " }];
 * const dataset = createDataset(examples, table, { inputLength: 3, outputLength: 2 });
 * assertEquals([...dataset.targets], [4, 0]);
 * ```
 */
export function createDataset(
  examples: Iterable<Example>,
  table: CharacterTable,
  shape: DatasetShape,
): Dataset {
  return runAtOnce(encodeExamples(examples, table, shape));
}

/** Makes a dataset as {@linkcode createDataset} does, in slices. It yields the number of examples encoded. */
export function* encodeExamples(
  examples: Iterable<Example>,
  table: CharacterTable,
  shape: DatasetShape,
): Sliced<Dataset> {
  checkValue(ACTION, "the examples", examples, ITERABLE);
  checkValue(ACTION, "the table", table, TABLE_RULE);
  checkValue(ACTION, "the shape", shape, objectRule());
  const { inputLength, outputLength } = shape;
  checkValue(ACTION, "inputLength", inputLength, LENGTH);
  checkValue(ACTION, "outputLength", outputLength, LENGTH);
  const most = Math.floor(Math.min(MAX_COUNT, MAX_BYTES / Math.max(inputLength, outputLength)));
  const sources = createRowList(inputLength);
  const targets = createRowList(outputLength);
  let count = 0;
  for (const example of examples) {
    if (count === most) {
      throw new RangeError(
        `Cannot make a dataset: there is room for ${most} examples of these lengths, but there are more`,
      );
    }
    if (!isObject(example)) {
      throw new TypeError(
        `Cannot make a dataset: example ${count} must have a source and a target, but is ${
          describeFound(example)
        }`,
      );
    }
    encode(table, example.source, sources.addRow(), () => `the source of example ${count}`);
    encode(table, example.target, targets.addRow(), () => `the target of example ${count}`);
    if (++count % EXAMPLES_A_SLICE === 0) yield count;
  }
  if (count === 0) {
    const hint = isIterator(examples) ? "; a generator gives its examples only once" : "";
    throw new RangeError(
      `Cannot make a dataset: there must be at least one example, but there is none${hint}`,
    );
  }
  return markChecked({
    table,
    count,
    inputLength,
    outputLength,
    sources: sources.take(),
    targets: targets.take(),
  });
}

/** Encodes a text. If it cannot be encoded, the error says which text it is. */
function encode(
  table: CharacterTable,
  text: unknown,
  place: IndexPlace,
  name: () => string,
): void {
  try {
    table.writeIndices(text as string, place);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const { message } = cause;
    const ErrorClass = cause.constructor as new (message: string, options: ErrorOptions) => Error;
    throw new ErrorClass(`${message} (${name()})`, { cause });
  }
}

/** Datasets whose indices were all found to be in their tables. */
const CHECKED = new WeakSet<Dataset>();

function markChecked(dataset: Dataset): Dataset {
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
  const { count, table: { size } } = dataset;
  if (count === 0) {
    throw new RangeError(`Cannot ${action}: ${name} must have at least one example, but has none`);
  }
  for (const part of ["sources", "targets"] as const) {
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
  const { table, count, inputLength, outputLength, sources, targets } = value;
  const isCount = (number: unknown): number is number =>
    Number.isSafeInteger(number) && (number as number) >= 0;
  return TABLE_RULE.findFault(table) === undefined && isCount(count) && isCount(inputLength) &&
    isCount(outputLength) && sources instanceof Uint8Array && targets instanceof Uint8Array &&
    sources.length === count * inputLength && targets.length === count * outputLength;
}

const ITERABLE = {
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
 * Reads one example back as text.
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
  const { table, inputLength, outputLength } = dataset;
  return {
    source: table.decodeIndices(dataset.sources.subarray(at * inputLength, (at + 1) * inputLength)),
    target: table.decodeIndices(
      dataset.targets.subarray(at * outputLength, (at + 1) * outputLength),
    ),
  };
}

/** Makes a dataset of the examples at some positions, in that order. It yields the number of examples copied. */
export function* selectExamples(dataset: Dataset, positions: Uint32Array): Sliced<Dataset> {
  const { inputLength, outputLength } = dataset;
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
  const { table, inputLength, outputLength } = dataset;
  const count = positions.length;
  const sources = new Uint8Array(2 * count * inputLength);
  const targets = new Uint8Array(2 * count * outputLength);
  for (let at = 0; at < count; at++) {
    copyRow(dataset.sources, positions[at]!, sources, at, inputLength);
    copyRow(dataset.targets, positions[at]!, targets, at, outputLength);
    const example = readExample(dataset, positions[at]!);
    const form = formOf(example);
    const name = (): string => `another form of ${describeFound(example.source)}`;
    if (!isObject(form)) {
      throw new TypeError(
        `Cannot make a dataset: ${name()} must have a source and a target, but is ${
          describeFound(form)
        }`,
      );
    }
    const row = count + at;
    encode(table, form.source, placeOf(sources, row, inputLength), name);
    encode(table, form.target, placeOf(targets, row, outputLength), name);
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

function placeOf(to: Uint8Array, row: number, length: number): IndexPlace {
  return { to, start: row * length, length };
}

/** Copies a row of a matrix of indices to a row of another one. */
export function copyRow(
  from: Uint8Array,
  fromRow: number,
  to: Uint8Array | Int32Array,
  toRow: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) to[toRow * length + i] = from[fromRow * length + i]!;
}

interface RowList {
  /** Makes room for one more row. */
  addRow(): IndexPlace;
  /** Gives all rows. */
  take(): Uint8Array;
}

/** Makes a list of rows of bytes, in one buffer that doubles when it is full. */
function createRowList(length: number): RowList {
  let to = new Uint8Array(Math.max(1 << 16, length));
  let end = 0;
  return {
    addRow(): IndexPlace {
      const start = end;
      end += length;
      if (end > to.length) {
        const larger = new Uint8Array(2 * to.length);
        larger.set(to);
        to = larger;
      }
      return { to, start, length };
    },
    take: () => to.slice(0, end),
  };
}
