/** Samples: a few questions with the model's answers, for people to read. @module */
import { type Dataset, readExample } from "../dataset/dataset.ts";
import { readQuestion } from "../problem/question.ts";
import { forkPrng } from "../random/prng.ts";
import type { Model } from "../model/model.ts";
import { predict } from "../model/predict.ts";
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
  const predictions = await predict(model, questions, { probabilities: true });
  return predictions.map(({ question, answer, probability, probabilities }, i) => ({
    question,
    target: examples[i]!.target.trimEnd(),
    guess: answer,
    probability,
    characterProbabilities: Array.from(
      answer,
      (_, t) => probabilities![t]!.reduce((most, each) => Math.max(most, each), 0),
    ),
  }));
}
