/** Puts answers from the memory in the place of a model's. @module */
import { type Dataset, encodeAnswer, readExample } from "../dataset/dataset.ts";
import { type Memory, recallQuestion } from "../model/memory.ts";
import type { Model } from "../model/model.ts";
import type { MeasuredAnswers } from "./answer_examples.ts";

/**
 * Replaces the answers to questions that the memory knows, and their probabilities: the first symbol has that of the whole answer, so
 * that their product is right. The loss stays the model's.
 *
 * @param from row of the dataset that the first answer belongs to
 * @throws {SyntaxError | RangeError} if the model cannot write a remembered answer
 */
export function recallAnswers(
  { answers, confidence }: MeasuredAnswers,
  part: Dataset,
  { model, memory, from }: {
    readonly model: Pick<Model, "source" | "target">;
    readonly memory: Memory;
    readonly from: number;
  },
): void {
  const { target } = model;
  const { length: T } = target;
  for (let row = 0; row < answers.length / T; row++) {
    const { question } = readExample(part, from + row);
    const recalled = recallQuestion(model, memory, question);
    if (recalled === undefined) continue;
    const example = { question, answer: recalled.answer };
    encodeAnswer(target, example, { to: answers, start: row * T }, () => "a remembered answer");
    confidence.fill(1, row * T, (row + 1) * T);
    confidence[row * T] = recalled.share;
  }
}
