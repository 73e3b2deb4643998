/** Samples: a few questions with the model's answers, for people to read. @module */
import { type Dataset, readExample } from "../dataset/dataset.ts";
import { readQuestion } from "../codec/question.ts";
import { forkPrng } from "../random/prng.ts";
import { readAnswer } from "../model/answer.ts";
import type { Model } from "../model/model.ts";
import { encodeQuestions } from "../model/predict.ts";
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
  const questions = examples.map(({ source }) => readQuestion(source, model.config));
  const { config: { outputLength: length }, table, executor } = model;
  const answers = await executor.answer(encodeQuestions(model, questions));
  return questions.map((question, row) => {
    const { answer, probability } = readAnswer(table, answers, { row, length });
    const confidence = answers.confidence.subarray(row * length, (row + 1) * length);
    const target = examples[row]!.target.trimEnd();
    return {
      ...{ question, target, guess: answer, probability },
      characterProbabilities: Array.from(answer, (_, t) => confidence[t]!),
    };
  });
}
