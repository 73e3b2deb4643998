/**
 * Examples as indices, one byte a character: a million 3-digit additions are 11 MB.
 *
 * @module
 */
import type { CharacterTable } from "../codec/character_table.ts";
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
  const { inputLength, outputLength } = shape;
  const sources = createByteList();
  const targets = createByteList();
  let count = 0;
  for (const { source, target } of examples) {
    sources.push(table.encodeIndices(source, inputLength));
    targets.push(table.encodeIndices(target, outputLength));
    count++;
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

/** Copies the examples at some positions, in that order. */
export function selectExamples(dataset: Dataset, positions: Uint32Array): Dataset {
  return {
    ...dataset,
    count: positions.length,
    sources: selectRows(dataset.sources, dataset.inputLength, positions),
    targets: selectRows(dataset.targets, dataset.outputLength, positions),
  };
}

function selectRows(rows: Uint8Array, length: number, positions: Uint32Array): Uint8Array {
  const selected = new Uint8Array(positions.length * length);
  positions.forEach((position, at) => {
    selected.set(rows.subarray(position * length, (position + 1) * length), at * length);
  });
  return selected;
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
