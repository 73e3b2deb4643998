/** Measuring and answering. @module */
import type { AnswerOptions, Answers, Measurement, MeasureRange } from "../executor.ts";
import { ask, type Question, type Results } from "./ask.ts";
import type { LaidOutNetwork } from "./laid_out_network.ts";

/** Measures examples on the device. */
export async function measureExamples(
  device: GPUDevice,
  laidOut: LaidOutNetwork,
  question: Omit<Question, "hasTargets" | "compares" | "probabilities">,
  wanted: Pick<MeasureRange, "answers" | "confidence">,
): Promise<Measurement> {
  // with attention, an answer is made of the symbols that were chosen before, not of the right ones
  const isFree = laidOut.network.decoder === "attention";
  const asked = (compares: boolean, probabilities: boolean): Promise<Results> =>
    ask(device, laidOut, { ...question, hasTargets: true, compares, probabilities });
  const [measured, answered] = await Promise.all([
    asked(true, wanted.confidence === true && !isFree),
    isFree && (wanted.answers || wanted.confidence) ? asked(false, false) : undefined,
  ]);
  const { outputLength: T, characters: V } = laidOut.sizes;
  const { answers, numbers } = answered ?? measured;
  const { probabilities } = measured;
  return {
    ...sumResults(measured, question.count, T),
    ...(wanted.answers && { answers: Uint8Array.from(answers) }),
    ...(wanted.confidence && {
      confidence: probabilities === undefined
        ? numbers
        : Float32Array.from(answers, (answer, at) => probabilities[at * V + answer % 256]!),
    }),
  };
}

function sumResults(
  { numbers, answers }: Results,
  rows: number,
  T: number,
): Pick<Measurement, "loss" | "counted" | "characters" | "exactMatches"> {
  const sums = { loss: 0, counted: 0, characters: 0, exactMatches: 0 };
  for (let row = 0; row < rows; row++) {
    let [correct, counted] = [0, 0];
    for (let at = row * T; at < (row + 1) * T; at++) {
      sums.loss += numbers[at]!;
      correct += answers[at]! >> 8 & 1;
      counted += answers[at]! >> 9;
    }
    sums.counted += counted;
    sums.characters += correct;
    if (correct === counted) sums.exactMatches++;
  }
  return sums;
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
    ...{ hasTargets: false, compares: false, weights, count, first: 0 },
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
