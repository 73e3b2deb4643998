/**
 * Answers as edits of the question's text: an inflected form repeats most of its word, and differs at its ends. A model that writes
 * edits learns the endings alone.
 *
 * @module
 */
import { describeFound } from "../arguments/rule.ts";
import { FEATURE_MARK, normalizeText, type TextLayout } from "./layout.ts";

/** Stands for the part of the question's text that the answer keeps. Unicode keeps these code points out of all texts: noncharacters. */
export const KEPT = "\uFDD0";
/** Stands for a symbol that is left out in front of the kept part. */
export const LEFT_OUT_IN_FRONT = "\uFDD1";
/** Stands for a symbol that is left out behind the kept part. */
export const LEFT_OUT_BEHIND = "\uFDD2";
/** All symbols that stand for edits, in the order of their code points. */
export const EDIT_SYMBOLS: readonly string[] = [KEPT, LEFT_OUT_IN_FRONT, LEFT_OUT_BEHIND];

/** A shorter part is not kept, unless it is the whole question. */
const LEAST_KEPT = 2;
/** Longer texts are not compared: the work grows with the product of their lengths. */
const MOST_COMPARED = 256;

/** What edits depend on: how answers are divided into symbols, and in which Unicode form they are. */
export type EditedTexts = Pick<TextLayout, "separator" | "normalize">;

/** Says whether answers that are laid out so are written as edits of their questions. */
export function writesEdits({ symbols }: Pick<TextLayout, "symbols">): boolean {
  return symbols.includes(KEPT);
}

/** Says whether a text has a symbol that stands for an edit, which no text to learn from may have. */
export function hasEditSymbol(text: string): boolean {
  return /[\uFDD0-\uFDD2]/.test(text);
}

/**
 * Writes an answer as edits of the text of its question: előbőr → előbőröket is `KEPT` and öket.
 *
 * The kept part is the longest that both texts have in one piece; of several, the first of the question. In front of `KEPT` stand the
 * symbols that are added there, and then a symbol for each of the question's that is left out; behind it a symbol for each that is left
 * out, and then those that are added. An answer that shares less than two symbols with its question, and not all of it, is written as
 * it is.
 *
 * @throws {SyntaxError} if the answer has a symbol that stands for an edit
 */
export function writeEdits(question: string, answer: string, texts: EditedTexts): string {
  if (hasEditSymbol(answer)) {
    throw new SyntaxError(
      `Cannot write ${
        describeFound(answer)
      } as edits: it must have no character from U+FDD0 to U+FDD2, which stand for edits`,
    );
  }
  const [asked, wanted] = [splitText(textOf(question), texts), splitText(answer, texts)];
  const { length, inFirst, inSecond } = findLongestShared(asked, wanted);
  if (length === 0 || (length < LEAST_KEPT && length < asked.length)) {
    return wanted.join(texts.separator);
  }
  const behind = asked.length - inFirst - length;
  return [
    ...wanted.slice(0, inSecond),
    ...new Array<string>(inFirst).fill(LEFT_OUT_IN_FRONT),
    KEPT,
    ...new Array<string>(behind).fill(LEFT_OUT_BEHIND),
    ...wanted.slice(inSecond + length),
  ].join(texts.separator);
}

/**
 * Gives the answer that some edits make of the text of a question. It is defined for whatever a model writes: every symbol of an edit
 * counts wherever it stands, and each `KEPT` is the question's text without the symbols that are left out.
 */
export function applyEdits(question: string, edits: string, texts: EditedTexts): string {
  const made = traceEdits(question, splitText(edits, texts), texts).map(({ symbol }) => symbol);
  return normalizeText(made.join(texts.separator), texts.normalize);
}

/** A symbol of an answer that edits make, and which of the written symbols made it. */
export interface MadeSymbol {
  readonly symbol: string;
  /** Its position in what was written, from 0: that of a `KEPT` for a symbol of the kept part. */
  readonly from: number;
}

/** Gives the symbols of the answer that edits make, each with where it comes from. @param written symbols, those of edits too */
export function traceEdits(
  question: string,
  written: readonly string[],
  texts: EditedTexts,
): MadeSymbol[] {
  const count = (wanted: string): number => written.filter((symbol) => symbol === wanted).length;
  const asked = splitText(textOf(question), texts);
  const end = Math.max(0, asked.length - count(LEFT_OUT_BEHIND));
  const kept = asked.slice(count(LEFT_OUT_IN_FRONT), end);
  return written.flatMap((symbol, from): MadeSymbol[] => {
    if (symbol === LEFT_OUT_IN_FRONT || symbol === LEFT_OUT_BEHIND) return [];
    return symbol === KEPT ? kept.map((each) => ({ symbol: each, from })) : [{ symbol, from }];
  });
}

/** Gives the text of an answer that was written to a question: that of its edits, if answers are laid out as such. */
export function readWritten(question: string, written: string, target: TextLayout): string {
  return writesEdits(target) ? applyEdits(question, written, target) : written;
}

/** A part that two lists share in one piece. */
interface Shared {
  readonly length: number;
  /** Where it begins in the first list and in the second. */
  readonly inFirst: number;
  readonly inSecond: number;
}

/** Finds the longest part that two lists share; of several, the first of the first list. */
function findLongestShared(first: readonly string[], second: readonly string[]): Shared {
  let best: Shared = { length: 0, inFirst: 0, inSecond: 0 };
  if (Math.max(first.length, second.length) > MOST_COMPARED) return best;
  let before = new Uint16Array(second.length + 1);
  for (const [i, symbol] of first.entries()) {
    const lengths = new Uint16Array(second.length + 1);
    for (let j = 0; j < second.length; j++) {
      if (symbol !== second[j]) continue;
      const length = before[j]! + 1;
      lengths[j + 1] = length;
      if (length > best.length) {
        best = { length, inFirst: i + 1 - length, inSecond: j + 1 - length };
      }
    }
    before = lengths;
  }
  return best;
}

/** Gives the text of a question, without its features. */
function textOf(question: string): string {
  const end = question.indexOf(FEATURE_MARK);
  return end < 0 ? question : question.slice(0, end);
}

function splitText(text: string, { separator, normalize }: EditedTexts): string[] {
  const normal = normalizeText(text, normalize);
  if (normal === "") return [];
  return separator === "" ? Array.from(normal) : normal.split(separator);
}
