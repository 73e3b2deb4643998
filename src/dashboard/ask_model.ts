/** The answers of a model to the questions of the page. @module */
import { readWritten } from "../codec/answer_edits.ts";
import type { Split } from "../dataset/split.ts";
import { readExample } from "../dataset/dataset.ts";
import type { Model } from "../model/model.ts";
import { watchModel } from "../model/in_use.ts";
import type { ProblemSettings } from "../problem/problem.ts";
import { createProblem } from "../problem/registry.ts";
import { answerText } from "./answer_text.ts";
import { type Answered, type Answers, MAX_ANSWERS } from "./protocol.ts";

/** A model, the problem that it was trained on, and the step of its weights. */
export interface Asked {
  readonly model: Model;
  readonly problem: ProblemSettings;
  /** Steps that its weights were trained for. */
  readonly step: number;
}

/**
 * Answers one question.
 *
 * @throws {SyntaxError} if the text is not a question of the problem, or has a symbol that the model does not know
 * @throws {RangeError} if it is too long for the model
 */
export async function answerQuestion(asked: Asked, text: string): Promise<Answered> {
  const { model, problem, step } = asked;
  const check = watchModel("answer", model);
  return await answerText(
    { ...model, problem: createProblem(problem, model.config), step },
    text,
    check,
  );
}

/**
 * Writes the answers to a validation split as texts. If there are more than MAX_ANSWERS, the wrong ones come first.
 *
 * @param answers indices of characters, uint8 (N, T_out)
 */
export function listAnswers(
  { validation }: Split,
  answers: Uint8Array,
  step: number,
): Answers {
  const { count, target: { length: outputLength, read, layout } } = validation;
  const positions = Array.from({ length: count }, (_, i) => i);
  const guessOf = (i: number): Uint8Array =>
    answers.subarray(i * outputLength, (i + 1) * outputLength);
  const isRight = (i: number): boolean =>
    guessOf(i).every((index, t) => index === validation.targets[i * outputLength + t]);
  const listed = count <= MAX_ANSWERS ? positions : [
    ...positions.filter((i) => !isRight(i)),
    ...positions.filter(isRight),
  ].slice(0, MAX_ANSWERS);
  const examples = listed.map((i) => readExample(validation, i));
  return {
    step,
    examples: count,
    questions: examples.map(({ question }) => question),
    targets: examples.map(({ answer }) => answer),
    guesses: listed.map((i, at) => readWritten(examples[at]!.question, read(guessOf(i)), layout)),
  };
}
