/** Answers a question of the page: in the server and in the browser alike. @module */
import { readAlternatives, readAnswer, readProbabilities } from "../model/answer.ts";
import { readAttention } from "../model/answer_attention.ts";
import { findAnswers } from "../model/find_answers.ts";
import type { Model } from "../model/model.ts";
import { checkQuestion, encodeQuestions } from "../model/question.ts";
import type { Problem } from "../problem/problem.ts";
import { createPause } from "../time/pause.ts";
import type { Answered } from "./protocol.ts";

/** A model that is asked, and what it learned. */
export interface AskedModel extends Pick<Model, "source" | "target" | "executor"> {
  readonly problem: Problem;
  /** Steps that its weights were trained for. */
  readonly step: number;
}

/** Number of answers that are searched for and shown. */
const ANSWERS = 5;

/**
 * Answers a question with the best of five answers that a beam search finds.
 *
 * @param check called after every symbol. What it throws ends the search
 * @throws {SyntaxError} if the text is not a question of the problem, or has a symbol that the model does not know
 * @throws {RangeError} if it is too long for the model
 */
export async function answerText(
  model: AskedModel,
  text: string,
  check: () => void = () => {},
): Promise<Answered> {
  const { source, target, executor, problem, step } = model;
  const { question, note } = problem.readQuestion(text);
  checkQuestion({ source }, question);
  const pause = createPause(() => performance.now());
  const [found] = await findAnswers({ executor }, encodeQuestions({ source }, [question]), {
    ...{ beam: ANSWERS, nBest: ANSWERS, lengthPenalty: 0, probabilities: true },
    attention: executor.network.decoder === "attention",
    async afterStep(): Promise<void> {
      await pause();
      check();
    },
  });
  const [best] = found!;
  return {
    question,
    ...(note !== undefined && { note }),
    ...readAnswer(target, best!, { question, row: 0 }),
    chosen: [...best!.characters],
    alternatives: readAlternatives(target, found!, question),
    symbols: target.layout.symbols,
    probabilities: readProbabilities(target, best!.probabilities!, 0),
    ...(best!.attention && { attention: readAttention({ source, target }, question, best!) }),
    step,
  };
}
