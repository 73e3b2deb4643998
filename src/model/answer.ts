/** Reads answers of a device as texts. @module */
import type { CharacterTable } from "../codec/character_table.ts";
import type { Answers } from "../device/executor.ts";

/** An answer as a text. */
export interface AnswerText {
  /** The answer, without padding. */
  readonly answer: string;
  /** Product of the probabilities of its characters, padding included. */
  readonly probability: number;
}

/** Reads one of some answers. Characters and confidence are float32 (N, T_out). */
export function readAnswer(
  table: CharacterTable,
  { characters, confidence }: Answers,
  at: { readonly row: number; readonly length: number },
): AnswerText {
  const from = at.row * at.length;
  const to = from + at.length;
  let probability = 1;
  for (let i = from; i < to; i++) probability *= confidence[i]!;
  return { answer: table.decodeIndices(characters.subarray(from, to)).trimEnd(), probability };
}

/**
 * Gives the rows of one answer's probabilities.
 *
 * @param probabilities float32 (N, T_out, V)
 * @returns (T_out, V)
 */
export function readProbabilities(
  probabilities: Float32Array,
  V: number,
  at: { readonly row: number; readonly length: number },
): number[][] {
  return Array.from({ length: at.length }, (_, t) => {
    const from = (at.row * at.length + t) * V;
    return Array.from(probabilities.subarray(from, from + V));
  });
}
