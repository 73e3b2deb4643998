/**
 * Examples as indices, one byte a character: a million 3-digit additions are 11 MB.
 *
 * @module
 */
import type { CharacterTable } from "../codec/character_table.ts";
import { runAtOnce, type Sliced } from "../time/slices.ts";
import type { Example } from "../problem/example.ts";

/** Encoded examples, all of the same two lengths. */
export interface Dataset {
  /** The characters that the indices stand for. */
  readonly table: CharacterTable;
  /** Number of examples, N. */
  readonly count: number;
  /** Characters of a source, T_in. */
  readonly inputLength: number;
  /** Characters of a target, T_out. */
  readonly outputLength: number;
  /** Indices of the sources, uint8 (N, T_in). */
  readonly sources: Uint8Array;
  /** Indices of the targets, uint8 (N, T_out). */
  readonly targets: Uint8Array;
}

/** How many characters sources and targets have. */
export interface DatasetShape {
  /** Characters of a source; shorter ones are padded with spaces on the right. */
  readonly inputLength: number;
  /** Characters of a target; shorter ones are padded with spaces on the right. */
  readonly outputLength: number;
}

/** Examples encoded, and rows copied, in a few milliseconds. */
const EXAMPLES_A_SLICE = 4096;
const ROWS_A_SLICE = 65_536;

/**
 * Encodes examples as they come; no example is kept as text.
 *
 * @throws {RangeError} if a text is too long for the shape
 * @throws {SyntaxError} if a character is not in the table
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

/** Does what {@linkcode createDataset} does, in slices; yields the number of examples encoded. */
export function* encodeExamples(
  examples: Iterable<Example>,
  table: CharacterTable,
  shape: DatasetShape,
): Sliced<Dataset> {
  const { inputLength, outputLength } = shape;
  const sources = createByteList();
  const targets = createByteList();
  let count = 0;
  for (const { source, target } of examples) {
    sources.push(table.encodeIndices(source, inputLength));
    targets.push(table.encodeIndices(target, outputLength));
    if (++count % EXAMPLES_A_SLICE === 0) yield count;
  }
  return {
    table,
    count,
    inputLength,
    outputLength,
    sources: sources.take(),
    targets: targets.take(),
  };
}

/** Reads one example back as text. @throws {RangeError} if there is none at the position */
export function readExample(dataset: Dataset, at: number): Example {
  if (!Number.isInteger(at) || at < 0 || at >= dataset.count) {
    throw new RangeError(
      `Cannot read example ${at}: the dataset has examples 0 to ${dataset.count - 1}`,
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

/** Copies the examples at some positions, in that order; yields the number of examples copied. */
export function* selectExamples(dataset: Dataset, positions: Uint32Array): Sliced<Dataset> {
  const { inputLength, outputLength } = dataset;
  const sources = new Uint8Array(positions.length * inputLength);
  const targets = new Uint8Array(positions.length * outputLength);
  for (let at = 0; at < positions.length; at++) {
    copyRow(dataset.sources, positions[at]!, sources, at, inputLength);
    copyRow(dataset.targets, positions[at]!, targets, at, outputLength);
    if ((at + 1) % ROWS_A_SLICE === 0) yield at + 1;
  }
  return { ...dataset, count: positions.length, sources, targets };
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

interface ByteList {
  push(bytes: Uint8Array): void;
  take(): Uint8Array;
}

/** Bytes in one buffer that doubles when it is full. */
function createByteList(): ByteList {
  let buffer = new Uint8Array(1 << 16);
  let length = 0;
  return {
    push(bytes): void {
      if (length + bytes.length > buffer.length) {
        const larger = new Uint8Array(Math.max(2 * buffer.length, length + bytes.length));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(bytes, length);
      length += bytes.length;
    },
    take: () => buffer.slice(0, length),
  };
}
