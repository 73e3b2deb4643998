/** Measuring and answering. @module */
import type { AnswerOptions, Answers, Measurement, MeasureRange } from "../executor.ts";
import { ask, type Question } from "./ask.ts";
import type { LaidOutNetwork } from "./step_shape.ts";

/** Measures examples on the device. */
export async function measureExamples(
  device: GPUDevice,
  laidOut: LaidOutNetwork,
  question: Omit<Question, "compares" | "probabilities">,
  wanted: Pick<MeasureRange, "answers" | "confidence">,
): Promise<Measurement> {
  const { numbers, answers, probabilities } = await ask(device, laidOut, {
    ...question,
    ...{ compares: true, probabilities: wanted.confidence === true },
  });
  const { outputLength: T, characters: V } = laidOut.sizes;
  let [loss, characters, exactMatches] = [0, 0, 0];
  for (let row = 0; row < question.count; row++) {
    let correct = 0;
    for (let at = row * T; at < (row + 1) * T; at++) {
      loss += numbers[at]!;
      correct += answers[at]! >> 8;
    }
    characters += correct;
    if (correct === T) exactMatches++;
  }
  const sums = { loss, characters, exactMatches };
  return {
    ...{ ...sums, counted: answers.length },
    ...(wanted.answers && { answers: Uint8Array.from(answers) }),
    ...(probabilities && {
      confidence: Float32Array.from(answers, (answer, at) => probabilities[at * V + answer % 256]!),
    }),
  };
}

/** Answers sources. @param sources uint8 (count, T_in) */
export async function answerSources(
  device: GPUDevice,
  laidOut: LaidOutNetwork,
  { weights, sources, count }: {
    readonly weights: GPUBuffer;
    readonly sources: Uint8Array;
    readonly count: number;
  },
  options: AnswerOptions = {},
): Promise<Answers> {
  const { inputLength } = laidOut.sizes;
  const { numbers, answers, probabilities } = await ask(device, laidOut, {
    ...{ compares: false, weights, count, first: 0 },
    examples: {
      buffer: undefined,
      bytesOf: (first, count) =>
        sources.subarray(first * inputLength, (first + count) * inputLength),
    },
    probabilities: options.probabilities === true,
  });
  return {
    characters: Uint8Array.from(answers),
    confidence: numbers,
    ...(probabilities === undefined ? {} : { probabilities }),
  };
}
