/** How far an answer is from the correct one, in symbols. @module */
import { distance } from "fastest-levenshtein";

/**
 * Counts the fewest insertions, deletions and substitutions of symbols that make one text the other (Levenshtein 1966).
 *
 * @param a indices of symbols, each from 0 to 255
 * @param b likewise
 */
export function countEdits(a: Uint8Array, b: Uint8Array): number {
  return distance(toText(a), toText(b));
}

/** Writes each index as one UTF-16 unit, which is what the library compares. */
function toText(indices: Uint8Array): string {
  let text = "";
  for (const index of indices) text += String.fromCharCode(index);
  return text;
}
