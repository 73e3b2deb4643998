/** Reads answers and probabilities from logits. @module */
import type { CharacterTable } from "../codec/character_table.ts";

/**
 * Takes the most probable character at each position: its probability is 1 / sum exp(logits - largest logit).
 *
 * @param logits float32 (T_out, V)
 * @returns the answer without padding, and the product of the probabilities of its characters, padding included
 */
export function readAnswer(
  table: CharacterTable,
  logits: Float32Array,
): { readonly answer: string; readonly probability: number } {
  let probability = 1;
  for (let start = 0; start < logits.length; start += table.size) {
    const row = logits.subarray(start, start + table.size);
    const largest = row.reduce((most, logit) => Math.max(most, logit), -Infinity);
    probability /= row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
  }
  return { answer: table.decode(logits).trimEnd(), probability };
}

/**
 * Computes the softmax of every row: exp(logits - largest logit) / sum.
 *
 * @param logits float32 (T_out, V)
 */
export function softmaxRows(logits: Float32Array, V: number): number[][] {
  return Array.from({ length: logits.length / V }, (_, t) => {
    const row = Array.from(logits.subarray(t * V, (t + 1) * V));
    const largest = row.reduce((most, logit) => Math.max(most, logit), -Infinity);
    const exponentials = row.map((logit) => Math.exp(logit - largest));
    const sum = exponentials.reduce((a, b) => a + b, 0);
    return exponentials.map((value) => value / sum);
  });
}
