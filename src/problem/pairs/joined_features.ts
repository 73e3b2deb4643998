/** Reads rare features of several parts as their parts: too little is learned of each alone. @module */
import { FEATURE_JOINT, FEATURE_MARK } from "../../codec/layout.ts";
import { splitParts } from "../../codec/text_codec.ts";
import type { SymbolCount } from "./symbol_counts.ts";

/**
 * A feature of several parts that occurs less often is read as its parts. Georgian verbs have 25 as `ARGAC3P+ARGNO2S`, each in 18 to 65 of
 * 7,000 pairs: with their parts 66 instead of 60 of 100 new forms were right. Hungarian cases as `IN+ESS` occur some 200 times each.
 */
const OFTEN = 100;

/** Which features are read as their parts. */
export interface JoinedFeatures {
  /** Gives symbols and their counts as they are read. */
  read(symbols: readonly SymbolCount[]): readonly SymbolCount[];
}

/** Finds the features that are read as their parts. @param symbols those of all questions to learn from */
export function readJoinedFeatures(symbols: readonly SymbolCount[]): JoinedFeatures {
  const rare = symbols.filter(({ symbol, count }) => isJoined(symbol) && count < OFTEN);
  const known = new Set(symbols.map(({ symbol }) => symbol));
  for (const { symbol } of rare) {
    known.delete(symbol);
    for (const part of splitParts(symbol)) known.add(part);
  }
  const isDivided = (symbol: string): boolean => !known.has(symbol) && isRead(symbol, known);

  return {
    read(given): readonly SymbolCount[] {
      if (!given.some(({ symbol }) => isDivided(symbol))) return given;
      const counts = new Map<string, SymbolCount>();
      for (const { symbol, count, line } of given) {
        for (const each of isDivided(symbol) ? splitParts(symbol) : [symbol]) {
          const before = counts.get(each);
          counts.set(each, {
            symbol: each,
            count: count + (before?.count ?? 0),
            line: Math.min(line, before?.line ?? line),
          });
        }
      }
      return Array.from(counts.values()).sort((a, b) => b.count - a.count);
    },
  };
}

/** Says whether a table reads a symbol: as itself, or as the parts of a feature. */
export function isRead(symbol: string, known: ReadonlySet<string>): boolean {
  return known.has(symbol) ||
    (isJoined(symbol) && splitParts(symbol).every((part) => known.has(part)));
}

function isJoined(symbol: string): boolean {
  return symbol.startsWith(FEATURE_MARK) && symbol.includes(FEATURE_JOINT) &&
    splitParts(symbol).length > 1;
}
