/** The settings of people's own pairs: one table has their checks, defaults, help, and how they are typed. @module */
import { resolveOptions, type Rules } from "../../arguments/resolve_options.ts";
import {
  choiceSetting,
  nullableSetting,
  numberSetting,
  type Setting,
  type SettingTable,
  shareSetting,
  textSetting,
} from "../../arguments/setting.ts";
import {
  arrayRule,
  describeFound,
  type Fault,
  integer,
  isObject,
  numberRule,
  PATH,
  type Rule,
  SEED,
} from "../../arguments/rule.ts";
import { type Normalization, NORMALIZATIONS } from "../../codec/layout.ts";
import type { ProblemSettings } from "../problem.ts";
import { namesOf, PAIR_FORMATS, type PairColumns, type PairFormat } from "./fields.ts";
import type { HeldBack } from "./hold_back.ts";
import { BAD_LINES } from "./pair_reader.ts";
import { MOST_SYMBOLS, type TextOptions } from "./pair_text.ts";

/** A file of pairs that was read. */
export interface PairFile {
  /** Its path as it was typed: a relative one is relative to the working directory. */
  readonly path: string;
  /** The format in which it was read. */
  readonly format: PairFormat;
  /** The SHA-256 of its bytes, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Its size. */
  readonly sizeBytes: number;
  /** Number of its pairs. */
  readonly pairs: number;
}

/** A file of pairs, the path of one that has not been read yet, or null for none. */
export type PairSource = PairFile | string | null;

/** The settings of a problem that is learned from people's own pairs. */
export interface PairsSettings extends ProblemSettings, PairColumns, TextOptions {
  readonly name: "pairs";
  /** The pairs that the model learns from; null if a program gave them. */
  readonly data: PairSource;
  /** The pairs that it is measured on while it learns; null if a part of `data` is held back. */
  readonly validation: PairSource;
  /** The pairs that it is measured on at the end; null for none. */
  readonly test: PairSource;
  /** The format of all files; `auto`: JSON lines if the name of a file ends in `.jsonl` or `.ndjson`, otherwise TSV. */
  readonly format: "auto" | PairFormat;
  /** Share of `data` that is held back, in (0, 1); null if there is a validation file. */
  readonly split: number | null;
  /** Symbols of questions that occur less often in `data` are unknown ones; null: 2, or 1 with fewer than 1000 pairs. */
  readonly minCount: number | null;
  /** What is done about lines that cannot be read. */
  readonly badLines: typeof BAD_LINES[number];
  /** The questions that are held back, which are chosen when the files are measured; null if none are or were chosen. */
  readonly heldBack: HeldBack | null;
}

/** Says whether settings are those of pairs. */
export function isPairs(settings: ProblemSettings): settings is PairsSettings {
  return settings.name === "pairs";
}

/** Counts the pairs that the model learns from; undefined if the files have not been measured. */
export function countTrainingPairs({ data, heldBack }: PairsSettings): number | undefined {
  if (data === null || typeof data === "string") return undefined;
  return Math.max(1, data.pairs - (heldBack?.pairs ?? 0));
}

/** Share of the pairs that is held back if there is no validation file. */
const DEFAULT_SPLIT = 0.1;
const MOST_COLUMNS = 64;
/** Most questions that are not held back because they have too many pairs; there are seldom more than 4. */
const MOST_EXCEPTIONS = 100_000;
const PLACES = integer(1, 2 ** 32);

const COLUMN: Rule<string> = {
  must: "the number of a column from 1, or a name without tabs",
  findFault(value): Fault | undefined {
    if (typeof value !== "string") return "type";
    return value !== "" && value.length <= 256 && !/[\t\r\n\0]/.test(value) && !/^0+$/.test(value)
      ? undefined
      : "value";
  },
};

const SEPARATOR: Rule<string> = {
  must: "at most 16 characters, without tabs and ends of lines",
  findFault(value): Fault | undefined {
    if (typeof value !== "string") return "type";
    return value.length <= 16 && !/[\t\r\n\0\ufffd]/.test(value) && value.isWellFormed()
      ? undefined
      : "value";
  },
};

const COLUMNS: Rule<readonly string[]> = {
  ...arrayRule<readonly string[]>(`a list of at most ${MOST_COLUMNS} columns`),
  copy: (columns) => [...columns],
  findFault(value): Fault | undefined {
    if (!Array.isArray(value)) return "type";
    if (value.length > MOST_COLUMNS) return "value";
    return value.map(COLUMN.findFault).find((fault) => fault !== undefined);
  },
};

const SOURCE: Rule<string | PairFile> = {
  must: "a path, or a file with its path, format, sha256, sizeBytes and pairs",
  findFault(value): Fault | undefined {
    if (typeof value === "string") return PATH.findFault(value);
    if (!isObject(value)) return "type";
    const { path, format, sha256, sizeBytes, pairs, ...others } = value;
    return PATH.findFault(path) === undefined && Object.keys(others).length === 0 &&
        PAIR_FORMATS.some((each) => each === format) && typeof sha256 === "string" &&
        /^[0-9a-f]{64}$/.test(sha256) && Number.isSafeInteger(sizeBytes) &&
        (sizeBytes as number) >= 0 && Number.isSafeInteger(pairs) && (pairs as number) > 0
      ? undefined
      : "value";
  },
  copy: (value) => typeof value === "string" ? value : { ...value },
};

const HELD_BACK: Rule<HeldBack | null> = {
  must: "null, or an object with places, except and pairs",
  findFault(value): Fault | undefined {
    if (value === null) return undefined;
    if (!isObject(value)) return "type";
    const { places, except, pairs, ...others } = value;
    return Object.keys(others).length === 0 && PLACES.findFault(places) === undefined &&
        Number.isSafeInteger(pairs) && (pairs as number) > 0 &&
        Array.isArray(except) && except.length <= MOST_EXCEPTIONS &&
        except.every((hash) => Number.isSafeInteger(hash) && hash >= 0)
      ? undefined
      : "value";
  },
  copy: (value) => value && { ...value, except: [...value.except] },
};

/** The settings that are typed. */
export type PairsOptions = Pick<
  PairsSettings,
  | keyof PairColumns
  | keyof TextOptions
  | "data"
  | "validation"
  | "test"
  | "format"
  | "split"
  | "minCount"
  | "badLines"
>;

/** The table of the settings that are typed. */
export const PAIRS_SETTINGS: SettingTable<PairsOptions> = {
  data: fileSetting(
    "Data",
    "file of pairs to learn from, each line a question, a tab and an answer, or a JSON object",
  ),
  validation: fileSetting("Validation", "file of pairs to measure on after every epoch"),
  test: fileSetting("Test", "file of pairs to measure on at the end, by evaluate"),
  format: choiceSetting(["auto", ...PAIR_FORMATS], {
    title: "Format",
    help: "tsv, jsonl, or auto: jsonl if the name of a file ends in .jsonl or .ndjson",
    default: "auto",
  }),
  questionColumn: columnSetting("Question column", "question", "1"),
  answerColumn: columnSetting("Answer column", "answer", "2"),
  featureColumns: {
    ...COLUMNS,
    title: "Feature columns",
    help:
      'columns of features, separated by commas: every text between two ";" in them is a symbol of the question',
    default: [],
    defaultHelp: "none",
    placeholder: "LIST",
    read: (text) => text === "none" ? [] : text.split(","),
    write: (columns) => columns.length === 0 ? "none" : columns.join(","),
  },
  sourceSeparator: separatorSetting("Source separator", "question"),
  targetSeparator: separatorSetting("Target separator", "answer"),
  normalize: {
    ...choiceSetting<Normalization>(NORMALIZATIONS, {
      title: "Unicode form",
      help:
        "Unicode form of all texts: nfc (é is one character), nfd (é is e and an accent), or none (as the texts are)",
      default: "NFC",
      placeholder: "FORM",
    }),
    read: (text) =>
      NORMALIZATIONS.find((form) => form.toLowerCase() === text.toLowerCase()) ??
        refuse(`it must be one of nfc, nfd, none, but is ${describeFound(text)}`),
    write: (form) => form.toLowerCase(),
  },
  maxLength: numberSetting(integer(1, MOST_SYMBOLS), {
    title: "Longest text",
    help: "lines with a question or an answer of more symbols are bad lines",
    default: MOST_SYMBOLS,
  }),
  minCount: nullableSetting(
    numberSetting(integer(1), {
      title: "Least count",
      help:
        "symbols of questions that occur less often become the unknown symbol, which is learned by them",
      default: undefined as never,
    }),
    { word: "auto", default: null, defaultHelp: "2, or 1 with fewer than 1000 pairs" },
  ),
  split: nullableSetting(
    shareSetting(numberRule("between 0 and 1", (share) => share > 0 && share < 1), {
      title: "Share held back",
      help:
        "share of the pairs that is held back for validation: all pairs with the same question are on one side",
    }),
    { default: null, defaultHelp: "0.1 if there is no --validation" },
  ),
  badLines: choiceSetting(BAD_LINES, {
    title: "Bad lines",
    help: "what to do about a line that cannot be read: stop, or skip it and count it",
    default: "stop",
  }),
};

const RULES = {
  ...PAIRS_SETTINGS,
  seed: SEED,
  heldBack: HELD_BACK,
} as Rules<Omit<PairsSettings, "name">>;

/**
 * Fills in the defaults and checks the settings. Complete settings are returned unchanged.
 *
 * @throws {TypeError | RangeError} with the first fault
 */
export function resolvePairs(given: Readonly<Record<string, unknown>>): PairsSettings {
  const { name: _, ...rest } = given;
  const defaults = Object.fromEntries(
    Object.entries(PAIRS_SETTINGS).map(([name, setting]) => [name, setting.default]),
  );
  const resolved = resolveOptions<Omit<PairsSettings, "name">, Partial<PairsSettings>>(rest, {
    action: "learn from pairs",
    what: "the settings",
    rules: RULES,
    defaults: { ...defaults, seed: 0, heldBack: null },
  });
  const { validation, data } = resolved;
  const split = resolved.split ?? (validation === null ? DEFAULT_SPLIT : null);
  const settings = { ...resolved, name: "pairs", split } as PairsSettings;
  if (validation !== null && split !== null) {
    throw new RangeError(
      "Cannot learn from pairs: with a validation file nothing else is held back, so split must be left out",
    );
  }
  if (data === null && (validation !== null || settings.test !== null)) {
    throw new RangeError(
      "Cannot learn from pairs: there is a validation or a test file, but data, the file to learn from, is missing",
    );
  }
  checkColumns(settings);
  return settings;
}

/** Checks that every column is used once: an answer among the features would be in the question. */
function checkColumns(settings: PairColumns): void {
  for (const defaults of [["1", "2"], ["question", "answer"]] as const) {
    const names = namesOf(settings, defaults);
    const twice = names.find((name, at) => names.indexOf(name) < at);
    if (twice === undefined) continue;
    throw new RangeError(
      `Cannot learn from pairs: every column must be used once, but ${
        describeFound(twice)
      } is used more often (${names.join(", ")})`,
    );
  }
}

function fileSetting(title: string, help: string): Setting<PairSource> {
  return {
    ...SOURCE,
    ...{ title, help, placeholder: "FILE", default: null, defaultHelp: "none" },
    must: `null, or ${SOURCE.must}`,
    findFault: (value) => value === null ? undefined : SOURCE.findFault(value),
    copy: (value) => value === null ? null : SOURCE.copy!(value),
    read: (text) => text,
    write: (value) => value === null ? "none" : typeof value === "string" ? value : value.path,
  };
}

function columnSetting(title: string, key: string, column: string): Setting<string | null> {
  return nullableSetting(
    textSetting({
      title,
      help: `column of the ${key}: its number, its name in a header line, or its key in JSON lines`,
      placeholder: "COLUMN",
      defaultHelp: `${column}, or the key ${key}`,
    }, COLUMN),
    { word: "auto", default: null },
  );
}

function separatorSetting(title: string, what: string): Setting<string> {
  return {
    ...textSetting({
      title,
      help: `text between two symbols of ${what === "answer" ? "an" : "a"} ${what}, such as " "`,
      default: "",
      defaultHelp: "none: every character is a symbol",
    }, SEPARATOR),
    read: (text) => text === "none" ? "" : text,
    write: (separator) => separator === "" ? "none" : separator,
  };
}

function refuse(reason: string): never {
  throw new SyntaxError(reason);
}
