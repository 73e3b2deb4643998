/** Reads pairs from the bytes of a file, TSV or JSON lines. @module */
import { createFieldReader, type PairColumns, type PairFormat } from "./fields.ts";
import { createLineReader } from "./line_reader.ts";
import { type Pair, readPair, type TextOptions } from "./pair_text.ts";

/** What is done about a line that cannot be read. */
export const BAD_LINES = ["stop", "skip"] as const;

/** How a file is read. */
export interface PairReaderOptions extends PairColumns, TextOptions {
  /** The name of the file in errors. */
  readonly name: string;
  /** Its format. */
  readonly format: PairFormat;
  /** Whether the first bad line is an error, or bad lines are left out and counted. */
  readonly badLines: typeof BAD_LINES[number];
}

/** Takes a pair, with the number of its line. */
export type TakePair = (pair: Pair, line: number) => void;

/** What was read of a file besides its pairs. */
export interface ReadReport {
  /** Number of lines, from the first to the last. */
  readonly lines: number;
  /** Number of pairs. */
  readonly pairs: number;
  /** Number of empty lines, which are left out. */
  readonly emptyLines: number;
  /** Number of bad lines, which were left out. */
  readonly badLines: number;
  /** What is wrong with the first of them, at most 5: `pairs.tsv:7: the question must not be empty`. */
  readonly firstBadLines: readonly string[];
  /** Columns of TSV that are there and not read, from 1. */
  readonly unusedColumns: readonly number[];
}

/** Reads the pairs of a file whose bytes come in pieces. */
export interface PairReader {
  /**
   * Reads the next bytes, and gives the pairs in them to the taker.
   *
   * @throws {BadLineError} if a line is bad, unless bad lines are skipped
   * @throws {SyntaxError} if the file is not UTF-8 text, or its header lacks a column
   */
  write(bytes: Uint8Array): void;
  /**
   * Reads the rest.
   *
   * @throws {SyntaxError} what `write` throws, and if there is no pair
   */
  end(): ReadReport;
}

/** A line that cannot be read. */
export class BadLineError extends SyntaxError {
  override readonly name = "BadLineError";
}

/** Number of bad lines that are described. */
const MOST_DESCRIBED = 5;

/** Makes the reader of a file. */
export function createPairReader(options: PairReaderOptions, take: TakePair): PairReader {
  const { name, badLines } = options;
  const fields = createFieldReader(options.format, options);
  const isEmpty = options.format === "tsv"
    ? (line: string): boolean => line === ""
    : (line: string): boolean => line.trim() === "";
  const firstBadLines: string[] = [];
  let [pairs, emptyLines, bad] = [0, 0, 0];
  let awaitsHeader = fields.readHeader !== undefined;

  function refuseLine(reason: string, number: number): void {
    const message = `${name}:${number}: ${reason}`;
    if (badLines === "stop") throw new BadLineError(`Cannot read ${message}`);
    if (++bad <= MOST_DESCRIBED) firstBadLines.push(message);
  }

  function takeLine(line: string, number: number): void {
    if (isEmpty(line)) {
      emptyLines++;
      return;
    }
    if (awaitsHeader) {
      const fault = fields.readHeader!(line, number);
      if (fault !== undefined) throw new SyntaxError(`Cannot read ${name}:${number}: ${fault}`);
      awaitsHeader = false;
      return;
    }
    const found = fields.read(line, number);
    const pair = typeof found === "string" ? found : readPair(found, options);
    if (typeof pair === "string") return refuseLine(pair, number);
    pairs++;
    take(pair, number);
  }

  const lines = createLineReader({
    takeLine,
    refuseLine,
    refuseFile: (reason) => {
      throw new SyntaxError(`Cannot read ${name}: ${reason}`);
    },
  });
  return {
    write: lines.write,
    end(): ReadReport {
      const count = lines.end();
      if (pairs === 0) throw new SyntaxError(describeNoPair(name, { bad, firstBadLines }));
      const unusedColumns = fields.unusedColumns();
      return { lines: count, pairs, emptyLines, badLines: bad, firstBadLines, unusedColumns };
    },
  };
}

function describeNoPair(
  name: string,
  { bad, firstBadLines }: { readonly bad: number; readonly firstBadLines: readonly string[] },
): string {
  const why = bad === 0 ? "" : `; all ${bad} lines are bad, the first: ${firstBadLines[0]}`;
  return `Cannot read ${name}: it must have at least one pair, but has none${why}`;
}
