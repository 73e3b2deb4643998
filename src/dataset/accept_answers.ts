/** Recognises right answers that are written otherwise than the correct ones: different edits may make the same text. @module */
import { readWritten, writesEdits } from "../codec/answer_edits.ts";
import type { Dataset } from "./dataset.ts";

/**
 * Replaces answers that make the correct text by the correct indices, in place, so that whoever compares indices compares texts. Without
 * edits a text has one form, and nothing is done.
 *
 * @param answers indices of the answers to some rows of the dataset, uint8 (N, T_out)
 * @param from the row that the first of them is to
 */
export function acceptAnswers(
  { source, target, sources, targets }: Dataset,
  answers: Uint8Array,
  from = 0,
): void {
  if (!writesEdits(target.layout)) return;
  const T = target.length;
  for (let i = 0; i < answers.length / T; i++) {
    const row = from + i;
    const given = answers.subarray(i * T, (i + 1) * T);
    const wanted = targets.subarray(row * T, (row + 1) * T);
    if (given.every((index, t) => index === wanted[t])) continue;
    const question = source.read(
      sources.subarray(row * source.length, (row + 1) * source.length),
    );
    const textOf = (indices: Uint8Array): string =>
      readWritten(question, target.read(indices), target.layout);
    if (textOf(given) === textOf(wanted)) given.set(wanted);
  }
}

/** Counts the answers that are the correct ones. @param answers as {@linkcode acceptAnswers} leaves them, to all rows */
export function countRight(
  { count, target: { length: T }, targets }: Dataset,
  answers: Uint8Array,
): number {
  let right = 0;
  for (let row = 0; row < count; row++) {
    let t = 0;
    while (t < T && answers[row * T + t] === targets[row * T + t]) t++;
    if (t === T) right++;
  }
  return right;
}
