/** Checks and cleans the texts of a pair, in files and from programs alike. @module */
import { hasEditSymbol } from "../../codec/answer_edits.ts";
import {
  FEATURE_JOINT,
  FEATURE_MARK,
  FEATURE_SEPARATOR,
  MAX_LENGTH,
  type Normalization,
  normalizeText,
} from "../../codec/layout.ts";
import { describeFound } from "../../arguments/rule.ts";
import type { Fields } from "./fields.ts";
import { formOf, type GivenNormalization } from "./given_form.ts";

/** How texts are read. */
export interface TextOptions {
  /** The text between two symbols of a question, or `""` if every character is a symbol. */
  readonly sourceSeparator: string;
  /** The text between two symbols of an answer, or `""` if every character is a symbol. */
  readonly targetSeparator: string;
  /**
   * The Unicode form to which texts are converted; `auto`: NFC, or NFD if that leaves fewer rare characters, as the letters of Korean
   * syllables. What is chosen is saved.
   */
  readonly normalize: GivenNormalization;
  /** Most symbols of a question with its features, and of an answer. */
  readonly maxLength: number;
}

/** A pair that was checked, with its lengths. */
export interface Pair {
  /** The question, normalised, with its features after a tab. */
  readonly question: string;
  /** The answer, normalised. */
  readonly answer: string;
  /** Most symbols of the question, features too, each part of a feature counted. */
  readonly sourceLength: number;
  /** Number of symbols of the answer. */
  readonly targetLength: number;
  /** Whether the texts were not in the Unicode form, or, if the form is `none`, not in NFC. */
  readonly converted: boolean;
}

/** Most characters of a symbol: a token or a feature. */
const MAX_SYMBOL_LENGTH = 64;
/** The highest possible value of the setting `maxLength`. */
export const MOST_SYMBOLS: number = MAX_LENGTH;

/** Checks and normalises a pair. For a bad pair it gives the reason: `the question must not be empty`. */
export function readPair(fields: Fields, options: TextOptions): Pair | string {
  const form = formOf(options.normalize);
  const question = readText(fields.question, options.sourceSeparator, form);
  const answer = readText(fields.answer, options.targetSeparator, form);
  const fault = findQuestionFault(question) ?? findAnswerFault(answer, options.targetSeparator);
  if (fault !== undefined) return fault;
  const features = readFeatures(fields.features, form);
  const wrong = findFeatureFault(features);
  if (wrong !== undefined) return `the features must ${wrong}`;
  const long = findLongSymbol(question, options.sourceSeparator);
  if (long !== undefined) return `the question must ${long}`;
  const sourceLength = countSymbols(question, options.sourceSeparator) +
    countFeatures(features);
  const targetLength = countSymbols(answer, options.targetSeparator);
  return findLengthFault("the question", sourceLength, options.maxLength) ??
    findLengthFault("the answer", targetLength, options.maxLength) ??
    {
      ...{ question: joinFeatures(question, features), answer, sourceLength, targetLength },
      converted: isConverted(fields, options),
    };
}

/** Normalises a text. Separators at its ends, and second ones in a row, are left out. */
export function readText(text: string, separator: string, normalize: Normalization): string {
  const normal = isAscii(text) ? text : normalizeText(text, normalize);
  if (separator === "" || !hasIdleSeparator(normal, separator)) return normal;
  return normal.split(separator).filter((symbol) => symbol !== "").join(separator);
}

/** Joins columns of features to one list: `V;PST`. Empty features are left out. */
export function readFeatures(columns: readonly string[], normalize: Normalization): string {
  return columns.length === 0
    ? ""
    : readText(columns.join(FEATURE_SEPARATOR), FEATURE_SEPARATOR, normalize);
}

/** Joins the text of a question with its features. */
export function joinFeatures(text: string, features: string): string {
  return features === "" ? text : text + FEATURE_MARK + features;
}

/** Counts the symbols of a text that {@linkcode readText} gave. */
export function countSymbols(text: string, separator: string): number {
  if (text === "") return 0;
  if (separator === "") return countCharacters(text);
  let count = 1;
  for (
    let at = text.indexOf(separator);
    at >= 0;
    at = text.indexOf(separator, at + separator.length)
  ) {
    count++;
  }
  return count;
}

/** Counts features, and each part of one: the layout decides later whether it reads the parts. */
function countFeatures(features: string): number {
  if (features === "") return 0;
  let count = 1;
  for (const character of features) {
    if (character === FEATURE_SEPARATOR || character === FEATURE_JOINT) count++;
  }
  return count;
}

/** Divides a text that {@linkcode readText} gave into its symbols. */
export function splitText(text: string, separator: string): readonly string[] {
  if (text === "") return [];
  return separator === "" ? Array.from(text) : text.split(separator);
}

/** Divides a question into its text and the columns of features after it. */
export function splitQuestion(question: string): readonly [string, ...string[]] {
  const [text, ...columns] = question.includes(FEATURE_MARK)
    ? question.split(FEATURE_MARK)
    : [question];
  return [text!, ...columns];
}

/** Says whether all characters are ASCII, so that normalisation does not change the text. */
export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

function isConverted({ question, answer, features }: Fields, { normalize }: TextOptions): boolean {
  const form = normalize === "none" ? "NFC" : formOf(normalize);
  return [question, answer, ...features].some((text) =>
    !isAscii(text) && text.normalize(form) !== text
  );
}

function hasIdleSeparator(text: string, separator: string): boolean {
  return text.startsWith(separator) || text.endsWith(separator) ||
    text.includes(separator + separator);
}

function findQuestionFault(question: string): string | undefined {
  if (question === "") return "the question must not be empty";
  const fault = findTextFault(question) ?? findTabFault(question);
  return fault && `the question must ${fault}`;
}

function findAnswerFault(answer: string, separator: string): string | undefined {
  const fault = findTextFault(answer) ??
    (answer.includes("\uFFFD")
      ? `have no "\uFFFD", which stands for a character that was lost when the text was converted`
      : hasEditSymbol(answer)
      ? "have no character from U+FDD0 to U+FDD2, which stand for edits of a question"
      : separator === ""
      ? undefined
      : findTabFault(answer) ?? findLongSymbol(answer, separator));
  return fault && `the answer must ${fault}`;
}

/** Finds what no text may have. A lone half of a surrogate pair comes from an escape in JSON, such as `\ud800`. */
function findTextFault(text: string): string | undefined {
  if (!text.isWellFormed()) return "have no half of a surrogate pair without the other half";
  if (text.includes("\0")) return "have no NUL character";
  return undefined;
}

function findFeatureFault(features: string): string | undefined {
  if (features === "") return undefined;
  return findTextFault(features) ?? findTabFault(features) ??
    findLongSymbol(features, FEATURE_SEPARATOR);
}

function findTabFault(text: string): string | undefined {
  return text.includes("\t") ? "have no tab, which separates columns" : undefined;
}

function findLongSymbol(text: string, separator: string): string | undefined {
  if (separator === "" || text.length <= MAX_SYMBOL_LENGTH) return undefined;
  const long = splitText(text, separator).find(({ length }) => length > MAX_SYMBOL_LENGTH);
  return long &&
    `have symbols of at most ${MAX_SYMBOL_LENGTH} characters between ${
      describeFound(separator)
    }, but has ${describeFound(long)}`;
}

function findLengthFault(what: string, length: number, most: number): string | undefined {
  return length <= most
    ? undefined
    : `${what} must have at most ${most} symbols, but has ${length}`;
}

function countCharacters(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit < 0xdc00) count--;
  }
  return count;
}
