/** Chooses the symbols and lengths of a model from what was measured in files of pairs. @module */
import { EDIT_SYMBOLS } from "../../codec/answer_edits.ts";
import {
  FEATURE_MARK,
  type Layout,
  MAX_SYMBOLS,
  type TextLayout,
  UNKNOWN,
} from "../../codec/layout.ts";
import { formOf } from "./given_form.ts";
import { compareSymbols, type SymbolCount } from "./symbol_counts.ts";
import { readJoinedFeatures } from "./joined_features.ts";
import type { SideFacts } from "./side_tally.ts";
import type { FileFacts } from "./tally.ts";
import type { PairsSettings } from "./settings.ts";

/** What was measured in every file. */
export interface MeasuredFiles {
  readonly data: FileFacts;
  readonly validation: FileFacts | null;
  readonly test: FileFacts | null;
}

/** The settings that a layout depends on. `answers` is chosen. */
export type LaidOutSettings = Pick<
  PairsSettings,
  "sourceSeparator" | "targetSeparator" | "normalize" | "minCount" | "answers"
>;

/** A layout, and which symbols of questions are unknown in it. */
export interface LaidOut {
  readonly layout: Layout;
  /** Symbols of the questions to learn from that became the unknown symbol, the most frequent first. */
  readonly unknown: readonly SymbolCount[];
  /** Their share of all symbols of these questions. */
  readonly unknownShare: number;
}

/** Number of pairs from which on a symbol that occurs once is unknown. */
const PAIRS_TO_LEARN_UNKNOWN = 1000;
/** Most bytes of all questions, or of all answers, as indices. */
const MOST_BYTES = 2 ** 32;

/**
 * Chooses the layout.
 *
 * Questions keep their most frequent symbols, at most 256 with padding and the unknown symbol. All others are read as the unknown
 * symbol, also characters and tokens that occur once: from these the model learns what to do about a symbol that is new. The table has
 * the unknown symbol only if a file needs it; without it, a question with a new symbol is refused. Answers keep all symbols. Features of
 * several parts that are rare, as `ARGAC3P+ARGNO2S`, are read as their parts.
 *
 * @param reverse whether the model reads questions reversed
 * @throws {RangeError} if answers have too many symbols, or the pairs take too much memory, with advice
 */
export function layOutPairs(
  measured: MeasuredFiles,
  settings: LaidOutSettings,
  reverse: boolean,
): LaidOut {
  const joined = readJoinedFeatures(measured.data.source.symbols);
  const files = [measured.data, measured.validation, measured.test]
    .filter((facts) => facts !== null)
    .map((facts) => ({
      ...facts,
      source: { ...facts.source, symbols: joined.read(facts.source.symbols) },
      target: settings.answers === "edits" ? { ...facts.target, ...facts.edits } : facts.target,
    }));
  const [data] = files as [FileFacts];
  checkMemory(data, files);
  const normalize = formOf(settings.normalize);
  const chosen = chooseSourceSymbols(data, files, leastCount(settings, data));
  const source: TextLayout = {
    length: Math.max(1, ...files.map((facts) => facts.source.longest)),
    symbols: chosen.symbols,
    ...{ padding: "", separator: settings.sourceSeparator, reverse, normalize },
  };
  const target: TextLayout = {
    length: Math.max(1, ...files.map((facts) => facts.target.longest)),
    symbols: chooseTargetSymbols(files, settings),
    ...{ padding: "", separator: settings.targetSeparator, reverse: false, normalize },
  };
  const { unknown } = chosen;
  const unknownShare = sumCounts(unknown) / Math.max(1, sumCounts(data.source.symbols));
  return { layout: { source, target }, unknown, unknownShare };
}

/** Gives the count below which a symbol of a question is unknown. */
export function leastCount(
  { minCount }: Pick<PairsSettings, "minCount">,
  { report }: Pick<FileFacts, "report">,
): number {
  return minCount ?? (report.pairs < PAIRS_TO_LEARN_UNKNOWN ? 1 : 2);
}

/** Adds up how often symbols occur. */
export function sumCounts(symbols: readonly SymbolCount[]): number {
  return symbols.reduce((sum, { count }) => sum + count, 0);
}

function chooseSourceSymbols(
  { source }: FileFacts,
  files: readonly FileFacts[],
  least: number,
): { readonly symbols: readonly string[]; readonly unknown: readonly SymbolCount[] } {
  const known = source.symbols.filter(({ symbol, count }) =>
    (count >= least || isFeature(symbol)) && symbol !== UNKNOWN
  );
  const seen = new Set(known.map(({ symbol }) => symbol));
  const needsUnknown = known.length > MAX_SYMBOLS - 1 ||
    files.some(({ source: { symbols } }) => symbols.some(({ symbol }) => !seen.has(symbol)));
  const kept = known.slice(0, MAX_SYMBOLS - (needsUnknown ? 2 : 1)).map(({ symbol }) => symbol);
  keepAFeature(kept, files);
  const isKept = new Set(kept);
  return {
    symbols: ["", ...needsUnknown ? [UNKNOWN] : [], ...kept.sort(compareSymbols)],
    unknown: source.symbols.filter(({ symbol }) => !isKept.has(symbol)),
  };
}

/** Keeps a feature at least, if a file has features: by the features of its table a codec knows that a tab divides questions. */
function keepAFeature(kept: string[], files: readonly FileFacts[]): void {
  if (kept.some(isFeature)) return;
  const features = files.flatMap(({ source }) =>
    source.symbols.filter(({ symbol }) => isFeature(symbol))
  );
  if (features.length === 0) return;
  if (kept.length >= MAX_SYMBOLS - 2) kept.pop();
  kept.push(features[0]!.symbol);
}

function isFeature(symbol: string): boolean {
  return symbol.length > 1 && symbol[0] === FEATURE_MARK;
}

function chooseTargetSymbols(
  files: readonly FileFacts[],
  settings: Pick<PairsSettings, "targetSeparator" | "normalize" | "answers">,
): readonly string[] {
  const all = new Set(files.flatMap(({ target }) => target.symbols.map(({ symbol }) => symbol)));
  if (settings.answers === "edits") { for (const symbol of EDIT_SYMBOLS) all.add(symbol); }
  if (all.size === 0) throw new RangeError("Cannot learn from pairs: all answers are empty");
  if (all.size < MAX_SYMBOLS) return ["", ...Array.from(all).sort(compareSymbols)];
  throw new RangeError(
    `Cannot learn from pairs: answers can have at most ${
      MAX_SYMBOLS - 1
    } different symbols, but these have ${all.size}${adviseOnTargets(all, settings)}`,
  );
}

/** Advises how to get fewer symbols of answers. */
function adviseOnTargets(
  symbols: ReadonlySet<string>,
  { targetSeparator, normalize }: Pick<PairsSettings, "targetSeparator" | "normalize">,
): string {
  if (targetSeparator !== "") {
    return `; they are separated by ${
      JSON.stringify(targetSeparator)
    }: without a separator every character is a symbol`;
  }
  const parts = countDecomposed(symbols);
  if (normalize !== "NFD" && parts < symbols.size) {
    return `; decomposed to NFD they have ${parts}`;
  }
  return "; texts in so many characters need to be spelled in a smaller alphabet";
}

/** Counts the characters of some symbols in NFD: of the syllables of Korean, for example, some dozens remain. */
export function countDecomposed(symbols: Iterable<string>): number {
  const parts = new Set<string>();
  for (const symbol of symbols) for (const part of symbol.normalize("NFD")) parts.add(part);
  return parts.size;
}

/** Checks that the pairs fit in memory: all are as long as the longest. */
function checkMemory(data: FileFacts, files: readonly FileFacts[]): void {
  for (const side of ["source", "target"] as const) {
    const longest = files.reduce((a, b) => b[side].longest > a[side].longest ? b : a)[side];
    const bytes = data.report.pairs * longest.longest;
    if (bytes <= MOST_BYTES) continue;
    throw new RangeError(
      `Cannot learn from ${data.report.pairs} pairs: ${describeSide(side)} must take at most ${
        MOST_BYTES / 2 ** 30
      } GiB together, but would take ${
        (bytes / 2 ** 30).toFixed(1)
      }, because each takes as many bytes as the longest, in line ${longest.longestLine}, has symbols: ${longest.longest}; 99 % have at most ${longest.usual}: leave longer ones out by a maxLength of ${longest.usual} and badLines skip`,
    );
  }
}

function describeSide(side: keyof Pick<FileFacts, "source" | "target">): string {
  return side === "source" ? "questions" : "answers";
}

/** Says whether one long text makes all others long. */
export function isDominated({ longest, usual }: SideFacts): boolean {
  return longest > 2 * usual + 8;
}
