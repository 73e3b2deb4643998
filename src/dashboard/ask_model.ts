/** The answers of a model to the questions of the page. @module */
import type { Split } from "../dataset/split.ts";
import { readExample } from "../dataset/dataset.ts";
import type { Model } from "../model/model.ts";
import { predict } from "../model/predict.ts";
import type { AdditionProblem } from "../problem/addition.ts";
import { readQuestion } from "../codec/question.ts";
import { readSum } from "../problem/read_sum.ts";
import { type Answered, type Answers, MAX_ANSWERS } from "./protocol.ts";

/** A model, the problem that it was trained on, and the step of its weights. */
export interface Asked {
  readonly model: Model;
  readonly problem: AdditionProblem;
  /** Steps that its weights were trained for. */
  readonly step: number;
}

/**
 * Answers one question.
 *
 * @throws {SyntaxError} if the text is not a sum
 * @throws {RangeError} if a number is too long for the model
 */
export async function answerQuestion(asked: Asked, text: string): Promise<Answered> {
  const { model, problem, step } = asked;
  const question = readSum(text, problem);
  const [prediction] = await predict(model, [question], { probabilities: true });
  const { answer, probability, probabilities } = prediction!;
  return {
    question,
    answer,
    probability,
    characters: model.config.characters,
    probabilities: probabilities!,
    step,
  };
}

/**
 * Writes the answers to a validation split as texts. If there are more than MAX_ANSWERS, the wrong ones come first.
 *
 * @param answers indices of characters, uint8 (N, T_out)
 */
export function listAnswers(
  { validation }: Split,
  answers: Uint8Array,
  about: { readonly step: number; readonly reverse: boolean },
): Answers {
  const { count, outputLength, table } = validation;
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
    step: about.step,
    examples: count,
    questions: examples.map(({ source }) => readQuestion(source, about)),
    targets: examples.map(({ target }) => target.trimEnd()),
    guesses: listed.map((i) => table.decodeIndices(guessOf(i)).trimEnd()),
  };
}
