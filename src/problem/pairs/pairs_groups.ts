/** The groups by which an evaluation of people's own pairs is broken down. @module */
import { type Layout, UNKNOWN } from "../../codec/layout.ts";
import { createTextCodec } from "../../codec/text_codec.ts";
import type { Grouping } from "../problem.ts";
import { countSymbols, splitQuestion } from "./pair_text.ts";
import type { PairsSettings } from "./settings.ts";

/** Lengths up to this one are groups of their own; longer ones are in ranges that double. */
const LAST_SINGLE_LENGTH = 16;

/** Makes the groupings: length of the question, unknown symbols, and features. */
export function groupPairs(settings: PairsSettings, layout: Layout): readonly Grouping[] {
  const { source } = layout;
  const groupings: Grouping[] = [{
    name: "lengths",
    title: "Length of the question",
    keyOf: ({ question }) =>
      keyOfLength(countSymbols(splitQuestion(question)[0], source.separator)),
  }];
  if (source.symbols.includes(UNKNOWN)) {
    const known = new Set(source.symbols);
    const { split } = createTextCodec(source);
    groupings.push({
      name: "unknownSymbols",
      title: "Unknown symbols in the question",
      keyOf: ({ question }) => {
        const unknown = split(question).filter((symbol) =>
          symbol === UNKNOWN || !known.has(symbol)
        );
        return unknown.length < 2 ? String(unknown.length) : "2 or more";
      },
    });
  }
  if (settings.featureColumns.length > 0) {
    groupings.push({
      name: "features",
      title: "Features",
      keyOf: ({ question }) => splitQuestion(question)[1] ?? "none",
    });
  }
  return groupings;
}

/** Gives a length up to 16, or the range that it is in: `17–32`. */
function keyOfLength(length: number): string {
  if (length <= LAST_SINGLE_LENGTH) return String(length);
  let last = LAST_SINGLE_LENGTH;
  while (length > last) last *= 2;
  return `${last / 2 + 1}–${last}`;
}
