/** Samples: a few questions with the model's answers, for people to read. @module */
import { type Dataset, readExample } from "../dataset/dataset.ts";
import { forkPrng } from "../random/prng.ts";
import { readAnswer, readSymbolProbabilities } from "../model/answer.ts";
import type { Model } from "../model/model.ts";
import { encodeQuestions } from "../model/question.ts";
import type { Sample } from "./events.ts";

/** Draws different questions from a dataset and answers them. The same seed and epoch give the same questions. */
export async function drawSamples(
  model: Model,
  dataset: Dataset,
  draw: { readonly count: number; readonly seed: number; readonly epoch: number },
): Promise<Sample[]> {
  const prng = forkPrng(draw.seed, `samples/${draw.epoch}`);
  const positions = new Set<number>();
  while (positions.size < Math.min(draw.count, dataset.count)) {
    positions.add(prng.nextInt(dataset.count));
  }
  const examples = [...positions].map((at) => readExample(dataset, at));
  const questions = examples.map(({ question }) => question);
  const { target, executor } = model;
  const answers = await executor.answer(encodeQuestions(model, questions));
  return examples.map(({ question, answer: correct }, row) => {
    const { answer, probability } = readAnswer(target, answers, { question, row });
    return {
      ...{ question, target: correct, guess: answer, probability },
      characterProbabilities: readSymbolProbabilities(target, answers, { question, row }),
    };
  });
}
