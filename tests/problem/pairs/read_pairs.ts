/** Reads and writes pairs of a test. @module */
import {
  createPairReader,
  type PairReaderOptions,
  type ReadReport,
} from "../../../src/problem/pairs/pair_reader.ts";
import { createPairMeter, type MeasuredPairs } from "../../../src/problem/pairs/pair_meter.ts";
import type { PairsSettings } from "../../../src/problem/pairs/settings.ts";
import { resolvePairs } from "../../../src/problem/pairs/resolve_pairs.ts";
import type { Pair } from "../../../src/problem/pairs/pair_text.ts";
import type { Example } from "../../../src/problem/example.ts";

/** What was read, and where. */
export interface ReadPairs {
  readonly pairs: readonly (Pair & { readonly line: number })[];
  readonly report: ReadReport;
}

/** How the bytes of a test are read. */
export interface ReadOptions extends Partial<PairReaderOptions> {
  /** Number of bytes that come at once. Default: all. */
  readonly chunk?: number;
}

/** Reads bytes or a text as a file of pairs named `f`. */
export function readPairs(content: Uint8Array | string, options: ReadOptions = {}): ReadPairs {
  const { chunk = Infinity, ...given } = options;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const pairs: (Pair & { line: number })[] = [];
  const settings = { ...resolvePairs({}), name: "f", format: "tsv" as const, ...given };
  const reader = createPairReader(settings, (pair, line) => pairs.push({ ...pair, line }));
  for (let at = 0; at < bytes.length; at += chunk) reader.write(bytes.subarray(at, at + chunk));
  return { pairs, report: reader.end() };
}

/** Writes examples as a file. */
export function writePairs(examples: readonly Example[], format: "tsv" | "jsonl"): string {
  return examples.map(({ question, answer }) =>
    (format === "tsv" ? `${question}\t${answer}` : JSON.stringify({ question, answer })) + "\n"
  ).join("");
}

/** Measures texts as files of TSV. */
export function measureTexts(
  texts: { readonly data: string; readonly validation?: string; readonly test?: string },
  given: Partial<PairsSettings> = {},
): MeasuredPairs {
  const { name: _, ...others } = given;
  const settings = resolvePairs({
    ...others,
    data: "d",
    ...(texts.validation && { validation: "v" }),
  });
  const meter = createPairMeter(settings);
  for (const side of ["data", "validation", "test"] as const) {
    const text = texts[side];
    if (text === undefined) continue;
    const reader = createPairReader({ ...settings, name: side, format: "tsv" }, meter.begin(side));
    reader.write(new TextEncoder().encode(text));
    meter.end(reader.end());
  }
  return meter.conclude(true);
}
