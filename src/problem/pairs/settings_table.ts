/** The table of the settings of people's own pairs: their checks, defaults, help, and how they are typed. @module */
import {
  choiceSetting,
  nullableSetting,
  numberSetting,
  type Setting,
  type SettingTable,
  shareSetting,
  textSetting,
} from "../../arguments/setting.ts";
import { describeFound, integer, numberRule } from "../../arguments/rule.ts";
import { NORMALIZATIONS } from "../../codec/layout.ts";
import type { GivenNormalization } from "./given_form.ts";
import { PAIR_FORMATS } from "./fields.ts";
import { BAD_LINES } from "./pair_reader.ts";
import { MOST_SYMBOLS } from "./pair_text.ts";
import { COLUMN, COLUMNS, SEPARATOR, SOURCE } from "./setting_rules.ts";
import { ANSWER_FORMS, FEATURE_ORDERS, type PairsOptions, type PairSource } from "./settings.ts";

/** Unicode forms, and the choice of one. */
const FORMS: readonly GivenNormalization[] = ["auto", ...NORMALIZATIONS];

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
    ...choiceSetting<GivenNormalization>(FORMS, {
      title: "Unicode form",
      help:
        "Unicode form of all texts: nfc (é is one character), nfd (é is e and an accent), none (as the texts are), or auto: nfd if nfc has many rare characters, as Korean syllables, else nfc",
      default: "auto",
      placeholder: "FORM",
    }),
    read: (text) =>
      FORMS.find((form) => form.toLowerCase() === text.toLowerCase()) ??
        refuse(`it must be one of auto, nfc, nfd, none, but is ${describeFound(text)}`),
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
  answers: choiceSetting(ANSWER_FORMS, {
    title: "Answers",
    help:
      "how the model writes answers: text, edits (what is kept of the question, and what is added), or auto: edits if all pairs have features and most answers keep most of their question",
    default: "auto",
    placeholder: "FORM",
  }),
  featureOrder: choiceSetting(FEATURE_ORDERS, {
    title: "Order of features",
    help:
      "order of features in training: random (another one in every epoch), file, or auto: random with --answers edits, else file",
    default: "auto",
    placeholder: "ORDER",
  }),
  badLines: choiceSetting(BAD_LINES, {
    title: "Bad lines",
    help: "what to do about a line that cannot be read: stop, or skip it and count it",
    default: "stop",
  }),
};

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
