/** Measures answers on the host, as executors do on their devices. @module */
import type { Answers, Examples, Measurement, MeasureRange } from "../device/executor.ts";
import type { Network } from "../network/network.ts";
import type { RowShape } from "./decode_rows.ts";

/** Smallest normal number of float32. A probability may be 0, whose logarithm is not finite. */
const LEAST_PROBABILITY = 2 ** -126;

/** Gives some of the examples. */
export function selectRows(
  { sources, targets }: Examples,
  { inputLength, outputLength }: Pick<Network, "inputLength" | "outputLength">,
  { from, to }: Pick<MeasureRange, "from" | "to">,
): Examples {
  return {
    count: to - from,
    sources: sources.subarray(from * inputLength, to * inputLength),
    targets: targets.subarray(from * outputLength, to * outputLength),
  };
}

/** What is known of the rows to measure, each (N, T). */
export interface MeasuredRows {
  /** Probabilities of the targets' symbols. */
  readonly sure: Float32Array;
  /** The symbols that are right or wrong. */
  readonly guesses: Uint8Array;
}

/** Sums the figures of examples, over the symbols that count: see {@linkcode Measurement}. */
export function sumRows(
  { count, targets }: Examples,
  { sure, guesses }: MeasuredRows,
  { length: T, end }: Pick<RowShape, "length" | "end">,
): Measurement {
  const sums = { loss: 0, counted: 0, characters: 0, exactMatches: 0 };
  for (let row = 0; row < count; row++) {
    const from = row * T;
    const last = end === null ? -1 : targets.subarray(from, from + T).indexOf(end);
    const to = last < 0 ? from + T : from + last + 1;
    let [loss, right] = [0, 0];
    for (let at = from; at < to; at++) {
      loss -= Math.log(Math.max(sure[at]!, LEAST_PROBABILITY));
      if (guesses[at] === targets[at]) right++;
    }
    sums.loss += loss;
    sums.counted += to - from;
    sums.characters += right;
    if (right === to - from) sums.exactMatches++;
  }
  return sums;
}

/** Gives what was asked for of answers. */
export function selectAnswers(
  { characters, confidence, members }: Answers,
  asked: Pick<MeasureRange, "answers" | "confidence">,
): Pick<Measurement, "answers" | "confidence" | "members"> {
  if (!asked.answers) return {};
  return {
    answers: characters,
    ...(asked.confidence && { confidence }),
    ...(members && { members }),
  };
}
