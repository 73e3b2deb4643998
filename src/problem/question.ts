/** How a question is laid out for the model, and how it is shown to people. @module */

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
  const characters = Array.from(question);
  if (characters.length > layout.length) {
    throw new RangeError(
      `Cannot read "${question}": a question has at most ${layout.length} characters, but this one has ${characters.length}`,
    );
  }
  while (characters.length < layout.length) characters.push(" ");
  return (layout.reverse ? characters.reverse() : characters).join("");
}

/** Turns a source back into the question that people read: the right way round, without padding. */
export function readQuestion(source: string, layout: Pick<QuestionLayout, "reverse">): string {
  const text = layout.reverse ? Array.from(source).reverse().join("") : source;
  return text.trimEnd();
}
