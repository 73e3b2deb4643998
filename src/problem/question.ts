/** How a question is laid out for the model, and how it is shown to people. @module */

import { checkValue } from "../arguments/resolve_options.ts";
import { BOOLEAN, describeFound, integer, objectRule, TEXT } from "../arguments/rule.ts";

/** Most characters that a source or a target has. */
export const MAX_LENGTH = 4096;

const ACTION = "read a question";
const LENGTH = integer(0, MAX_LENGTH);
const LAYOUT = objectRule();

/** How a text becomes a source. */
export interface QuestionLayout {
  /** Number of characters of every source. */
  readonly length: number;
  /** Whether the padded text is turned round, so that its last character is read first. */
  readonly reverse: boolean;
}

/**
 * Pads a question with spaces on the right and, if the layout says so, reverses the whole.
 *
 * Reversing the input shortens the way between the digits that belong together (Sutskever et al. 2014).
 *
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
  const { length } = Array.from(question);
  if (length > layout.length) {
    throw new RangeError(
      `Cannot read ${
        describeFound(question)
      }: a question has at most ${layout.length} characters, but this one has ${length}`,
    );
  }
  return layOutQuestion(question, layout);
}

/** Does what {@linkcode formatQuestion} does with a question that is known to fit. */
export function layOutQuestion(question: string, layout: QuestionLayout): string {
  const characters = Array.from(question);
  while (characters.length < layout.length) characters.push(" ");
  return (layout.reverse ? characters.reverse() : characters).join("");
}

/** Turns a source back into the question that people read: the right way round, without padding. */
export function readQuestion(source: string, layout: Pick<QuestionLayout, "reverse">): string {
  checkValue(ACTION, "the source", source, TEXT);
  checkLayout(layout);
  const text = layout.reverse ? Array.from(source).reverse().join("") : source;
  return text.trimEnd();
}

function checkLayout(layout: Pick<QuestionLayout, "reverse">): void {
  checkValue(ACTION, "the layout", layout, LAYOUT);
  checkValue(ACTION, "reverse", layout.reverse, BOOLEAN);
}
