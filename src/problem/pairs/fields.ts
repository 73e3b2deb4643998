/** Finds the texts of a pair in a line: the columns of TSV, or the keys of a JSON object. @module */
import { describeFound, isObject } from "../../arguments/rule.ts";
import { parseStrictJson } from "../../arguments/strict_json.ts";

/** The formats of files of pairs. */
export const PAIR_FORMATS = ["tsv", "jsonl"] as const;
/** A format: tab-separated columns, or a JSON object on each line. */
export type PairFormat = typeof PAIR_FORMATS[number];

/** Which columns or keys a pair is read from, as they are typed. */
export interface PairColumns {
  /** The column of the question; null: column 1, or the key `question`. */
  readonly questionColumn: string | null;
  /** The column of the answer; null: column 2, or the key `answer`. */
  readonly answerColumn: string | null;
  /** The columns of features. */
  readonly featureColumns: readonly string[];
}

/** The texts of a pair as they stand in the file. */
export interface Fields {
  readonly question: string;
  readonly answer: string;
  readonly features: readonly string[];
}

/** Reads the fields of lines that come one after another. */
export interface FieldReader {
  /** Reads the first line as a header and gives the reason if it is none. Absent if the file has no header. */
  readonly readHeader?: (line: string, number: number) => string | undefined;
  /**
   * Reads another line. For a bad line it gives the reason, which follows the line's number:
   * `the line must have 2 columns, as line 1 has, but has 3`.
   */
  read(line: string, number: number): Fields | string;
  /** Gives the columns that are there and not read, from 1: of a file whose lines have a third column, 3. */
  unusedColumns(): readonly number[];
}

/** Most number of a column. */
const MAX_COLUMN = 4096;

const STRAY_RETURN =
  "the line must have no carriage return (CR) before its end; lines end in LF or CRLF";

/** Makes the reader of a format. */
export function createFieldReader(format: PairFormat, columns: PairColumns): FieldReader {
  return format === "tsv" ? createColumnReader(columns) : createKeyReader(columns);
}

/** Says whether a column is given by its number, and not by the name in a header. */
export function isColumnNumber(column: string): boolean {
  return /^[1-9]\d{0,3}$/.test(column) && Number(column) <= MAX_COLUMN;
}

/** Names the columns of a pair: question, answer, features. */
export function namesOf(
  { questionColumn, answerColumn, featureColumns }: PairColumns,
  [question, answer]: readonly [string, string],
): readonly string[] {
  return [questionColumn ?? question, answerColumn ?? answer, ...featureColumns];
}

/** The columns of TSV. If a column is given by a name, the first line is a header. */
function createColumnReader(columns: PairColumns): FieldReader {
  const names = namesOf(columns, ["1", "2"]);
  const hasHeader = !names.every(isColumnNumber);
  /** Positions of the columns from 0. A header changes those that are given by names. */
  let positions = names.map((name) => Number(name) - 1);
  /** The line that says how many columns every line has. */
  let first: { readonly number: number; readonly columns: number } | undefined;

  function readHeader(line: string, number: number): string | undefined {
    if (line.includes("\r")) return STRAY_RETURN;
    const cells = line.split("\t");
    const found = names.map((name) =>
      isColumnNumber(name) ? Number(name) - 1 : cells.indexOf(name)
    );
    const missing = found.indexOf(-1);
    if (missing >= 0) {
      return `the header must have the column ${describeFound(names[missing])}, but has ${
        cells.slice(0, 20).map(describeFound).join(", ")
      }`;
    }
    const twice = names.find((name) =>
      !isColumnNumber(name) && cells.indexOf(name) !== cells.lastIndexOf(name)
    );
    if (twice !== undefined) {
      return `the header must have the column ${describeFound(twice)} once, but has it more often`;
    }
    const needed = Math.max(...found) + 1;
    if (needed > cells.length) return describeColumns(`at least ${needed}`, cells.length); // fault point: columns of a header
    const second = found.findIndex((position, at) => found.indexOf(position) < at);
    if (second >= 0) {
      return `every column must be used once, but ${describeFound(names[second])} is column ${
        found[second]! + 1
      }, which is used already`;
    }
    positions = found;
    first = { number, columns: cells.length };
    return undefined;
  }

  return {
    ...(hasHeader && { readHeader }),
    read(line, number): Fields | string {
      if (line.includes("\r")) return STRAY_RETURN;
      const cells = line.split("\t");
      if (first === undefined) {
        const needed = Math.max(...positions) + 1;
        if (cells.length < needed) return describeColumns(`at least ${needed}`, cells.length);
        first = { number, columns: cells.length };
      }
      if (cells.length !== first.columns) {
        return describeColumns(`${first.columns}`, cells.length, `, as line ${first.number} has`);
      }
      const [question, answer, ...features] = positions.map((at) => cells[at]!);
      return { question: question!, answer: answer!, features };
    },
    unusedColumns: () =>
      Array.from({ length: Math.min(first?.columns ?? 0, MAX_COLUMN) }, (_, at) => at + 1)
        .filter((number) => !positions.includes(number - 1)),
  };
}

function describeColumns(needed: string, found: number, why = ""): string {
  const hint = found === 1 ? "; columns are separated by tabs" : "";
  return `the line must have ${needed} ${
    needed === "1" ? "column" : "columns"
  }${why}, but has ${found}${hint}`;
}

/** The keys of JSON objects. */
function createKeyReader(columns: PairColumns): FieldReader {
  const names = namesOf(columns, ["question", "answer"]);
  return {
    read(line): Fields | string {
      let value: unknown;
      try {
        value = parseStrictJson(line);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        return `the line must be a JSON object: ${describeJsonFault(error.message)}`;
      }
      if (!isObject(value)) {
        return `the line must be a JSON object, but is ${describeFound(value)}`;
      }
      const texts: string[] = [];
      for (const name of names) {
        const text: unknown = Object.hasOwn(value, name) ? value[name] : undefined;
        if (typeof text === "string") texts.push(text);
        else return describeKey(name, text);
      }
      const [question, answer, ...features] = texts;
      return { question: question!, answer: answer!, features };
    },
    unusedColumns: () => [],
  };
}

function describeKey(name: string, found: unknown): string {
  const what = found === undefined ? "it is missing" : `it is ${describeFound(found)}`;
  return `the key ${describeFound(name)} must be a string, but ${what}`;
}

/** Most characters that are quoted of what a parser says: it may quote the line. */
const MOST_QUOTED = 120;

function describeJsonFault(message: string): string {
  return message.length <= MOST_QUOTED ? message : `${message.slice(0, MOST_QUOTED)}…`;
}
