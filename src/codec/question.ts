/** Converts questions between the form that people read and the form that the model reads. @module */

import { checkValue } from "../arguments/resolve_options.ts";
import { BOOLEAN, describeFound, integer, objectRule, TEXT } from "../arguments/rule.ts";

/** Most characters that a source or a target has. */
export const MAX_LENGTH = 4096;

const ACTION = "read a question";
const LENGTH = integer(0, MAX_LENGTH);
const LAYOUT = objectRule();

/** How a question is laid out as a source. */
export interface QuestionLayout {
  /** Number of characters of every source. */
  readonly length: number;
  /** Whether the padded text is reversed, so that its last character is read first. */
  readonly reverse: boolean;
}

/**
 * Pads a question with spaces on the right and, if the layout says so, reverses the result.
 *
 * Reversal shortens the distance between digits that belong together (Sutskever et al. 2014).
 *
 * @throws {TypeError} if an argument has a wrong type
 * @throws {RangeError} if the question is longer than the layout
 * @example
 * ```ts
 * import { formatQuestion } from "@carry/seq2seq";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatQuestion("535+61", { length: 7, reverse: true }), " 16+535");
 * ```
 */
export function formatQuestion(question: string, layout: QuestionLayout): string {
  checkValue(ACTION, "the question", question, TEXT);
  checkLayout(layout);
  checkValue(ACTION, "length", layout.length, LENGTH);
  const length = countCharacters(question);
  if (length > layout.length) {
    throw new RangeError(
      `Cannot read ${
        describeFound(question)
      }: a question has at most ${layout.length} characters, but this one has ${length}`,
    );
  }
  return layOutQuestion(question, layout);
}

/** Pads and reverses a question as {@linkcode formatQuestion} does, without its checks. */
export function layOutQuestion(question: string, layout: QuestionLayout): string {
  const padding = " ".repeat(layout.length - countCharacters(question));
  return layout.reverse ? padding + reverseText(question) : question + padding;
}

/**
 * Turns a source back into the question that people read: not reversed, without padding.
 *
 * @throws {TypeError} if an argument has a wrong type
 */
export function readQuestion(source: string, layout: Pick<QuestionLayout, "reverse">): string {
  checkValue(ACTION, "the source", source, TEXT);
  checkLayout(layout);
  return (layout.reverse ? reverseText(source) : source).trimEnd();
}

/** Counts code points. A text without surrogates, the usual case, is not split. */
function countCharacters(text: string): number {
  return hasSurrogates(text) ? Array.from(text).length : text.length;
}

/** Reverses the code points of a text. */
function reverseText(text: string): string {
  if (hasSurrogates(text)) return Array.from(text).reverse().join("");
  let reversed = "";
  for (let i = text.length - 1; i >= 0; i--) reversed += text[i];
  return reversed;
}

function hasSurrogates(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit <= 0xdfff) return true;
  }
  return false;
}

function checkLayout(layout: Pick<QuestionLayout, "reverse">): void {
  checkValue(ACTION, "the layout", layout, LAYOUT);
  checkValue(ACTION, "reverse", layout.reverse, BOOLEAN);
}
