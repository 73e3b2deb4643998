/** Questions: whether a model can read them, and how they are encoded. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { describeFound, type Fault, isObject } from "../arguments/rule.ts";
import { CODEC_RULE, type TextFault } from "../codec/text_codec.ts";
import type { Model } from "./model.ts";

/** The rule for the model that checks a question. */
const READER = {
  must: "a model, such as createModel() makes",
  findFault: (value: unknown): Fault | undefined =>
    isObject(value) && CODEC_RULE.findFault(value.source) === undefined ? undefined : "type",
};

/**
 * Checks that a model can read a question: it knows every character, and the question is not too long.
 *
 * Use it to select the valid ones of many questions: `predict` answers all that it is given, or none.
 *
 * @throws {TypeError} if the question is not a string
 * @throws {RangeError} if the question is longer than the model's sources
 * @throws {SyntaxError} if the question has a character that the model does not know, with its index
 * @example
 * ```ts
 * import { characterLayout, checkQuestion, chooseDevice, createModel } from "@carry/seq2seq";
 * import { assertThrows } from "@std/assert";
 *
 * using model = await createModel({
 *   cell: "gru", hiddenSize: 8, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 5, outputLength: 3, reverse: true }),
 * }, { device: await chooseDevice("cpu") });
 * checkQuestion(model, "12+34");
 * assertThrows(() => checkQuestion(model, "5-3"), SyntaxError, 'index 1 is "-"');
 * ```
 */
export function checkQuestion(model: Pick<Model, "source">, question: string): void {
  checkValue("check a question", "the model", model, READER);
  checkAsAsked(model, question, describeFound(question));
}

/**
 * Checks a question.
 *
 * @param name name of the question in the error
 * @throws {TypeError | RangeError | SyntaxError} if it is not a string, too long, or has an unknown character
 */
export function checkAsAsked(
  { source }: Pick<Model, "source">,
  question: string,
  name: string,
): void {
  if (typeof question !== "string") {
    throw new TypeError(
      `Cannot answer ${name}: a question must be a string, but is ${describeFound(question)}`,
    );
  }
  const fault: TextFault | undefined = source.findFault(question);
  if (fault === undefined) return;
  const message = `Cannot answer ${name}: ${fault.reason}`;
  throw fault.kind === "symbol" ? new SyntaxError(message) : new RangeError(message);
}

/** Encodes checked questions. @returns indices of the sources, uint8 (N, T_in) */
export function encodeQuestions(
  { source }: Pick<Model, "source">,
  questions: readonly string[],
): Uint8Array {
  const to = new Uint8Array(questions.length * source.length);
  questions.forEach((question, i) => source.write(question, to, i * source.length));
  return to;
}
