/** Makes symbols visible. @module */
import { KEPT, LEFT_OUT_BEHIND, LEFT_OUT_IN_FRONT } from "./answer_edits.ts";
import { FEATURE_MARK } from "./layout.ts";

/**
 * Makes a symbol visible: a space is `␣`, padding `∅`, an accent stands on a circle, and a feature has no tab before it. Of the edits of a
 * question's text the kept part is `≡`, and a symbol left out `⌦` in front of it and `⌫` behind it.
 */
export function showSymbol(symbol: string): string {
  const shown = SHOWN.get(symbol);
  if (shown !== undefined) return shown;
  if (symbol.startsWith(FEATURE_MARK)) return symbol.slice(FEATURE_MARK.length);
  return /^\p{M}/u.test(symbol) ? `◌${symbol}` : symbol;
}

/** A map, because a symbol may be any word, also one that every object has, such as `constructor`. */
const SHOWN: ReadonlyMap<string, string> = new Map([
  ["", "∅"],
  [" ", "␣"],
  ["\t", "⇥"],
  ["\n", "⏎"],
  [KEPT, "≡"],
  [LEFT_OUT_IN_FRONT, "⌦"],
  [LEFT_OUT_BEHIND, "⌫"],
]);
