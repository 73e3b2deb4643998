/** Reads answers of a device as texts. @module */
import { readWritten, traceEdits, writesEdits } from "../codec/answer_edits.ts";
import { countSymbols, orderPositions } from "../codec/layout.ts";
import type { TextCodec } from "../codec/text_codec.ts";
import type { Answers } from "../device/executor.ts";

/** An answer as a text. */
export interface AnswerText {
  /** The answer, without padding. */
  readonly answer: string;
  /** Product of the probabilities of its symbols, padding included. */
  readonly probability: number;
}

/** Which text was asked, and which row of the answers is the answer to it. */
export interface AskedRow {
  readonly question: string;
  readonly row: number;
}

/** Reads one of some answers: as a text, also if the model writes edits. Characters and confidence are float32 (N, T_out). */
export function readAnswer(
  target: TextCodec,
  answers: Answers,
  { question, row }: AskedRow,
): AnswerText {
  const { length } = target;
  const [from, to] = [row * length, (row + 1) * length];
  let probability = 1;
  for (let i = from; i < to; i++) probability *= answers.confidence[i]!;
  const written = target.read(answers.characters.subarray(from, to));
  return { answer: readWritten(question, written, target.layout), probability };
}

/**
 * Reads the best answers to a question, each an `Answers` of one. Several answers in symbols may be the same text, if padding is
 * between symbols, or different edits make the same text: the first of them counts. An answer that is impossible is left out, unless it is the first.
 */
export function readAlternatives(
  target: TextCodec,
  found: readonly Answers[],
  question: string,
): AnswerText[] {
  const alternatives = found.map((each) => readAnswer(target, each, { question, row: 0 }));
  return alternatives.filter(({ answer, probability }, i) =>
    i === 0 ||
    probability > 0 && alternatives.findIndex((each) => each.answer === answer) === i
  );
}

/**
 * Gives the probability of each symbol of one answer, without padding, in the order in which people write them. If the model writes edits,
 * each symbol of the part that it keeps has the probability of keeping that part.
 */
export function readSymbolProbabilities(
  { length, layout }: TextCodec,
  { characters, confidence }: Answers,
  { question, row }: AskedRow,
): number[] {
  const from = row * length;
  const count = countSymbols(layout, characters.subarray(from, from + length));
  const places = orderPositions(layout, count).slice(0, count)
    .filter((t) => layout.symbols[characters[from + t]!] !== "");
  const written = places.map((t) => confidence[from + t]!);
  if (!writesEdits(layout)) return written;
  const symbols = places.map((t) => layout.symbols[characters[from + t]!]!);
  return traceEdits(question, symbols, layout).map((made) => written[made.from]!);
}

/**
 * Gives the rows of one answer's probabilities.
 *
 * @param probabilities float32 (N, T_out, V)
 * @returns (T_out, V)
 */
export function readProbabilities(
  { length, size }: TextCodec,
  probabilities: Float32Array,
  row: number,
): number[][] {
  return Array.from({ length }, (_, t) => {
    const from = (row * length + t) * size;
    return Array.from(probabilities.subarray(from, from + size));
  });
}
