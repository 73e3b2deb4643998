/** How far an answer is from the correct one, in symbols. @module */
import { distance } from "fastest-levenshtein";

/**
 * Counts the fewest insertions, deletions and substitutions of symbols that make one text the other (Levenshtein 1966).
 *
 * @param a numbers of symbols, the same for the same symbol
 * @param b likewise
 */
export function countEdits(a: Uint8Array | Uint16Array, b: Uint8Array | Uint16Array): number {
  return distance(toText(a), toText(b));
}

/** Writes each number as one UTF-16 unit, which is what the library compares. */
function toText(numbers: Uint8Array | Uint16Array): string {
  let text = "";
  for (const number of numbers) text += String.fromCharCode(number);
  return text;
}
