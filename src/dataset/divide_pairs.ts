/** Divides the pairs of a file into those to learn from and those that are held back. @module */
import { takeReason } from "../arguments/take_reason.ts";
import type { Layout } from "../codec/layout.ts";
import type { Example } from "../problem/example.ts";
import { createHolding } from "../problem/pairs/hold_back.ts";
import type { TakePair } from "../problem/pairs/pair_reader.ts";
import type { PairFile, PairsSettings } from "../problem/pairs/settings.ts";
import { createDatasetBuilder } from "./dataset.ts";
import type { Split } from "./split.ts";
import { varyFeatures } from "./vary_features.ts";

/** How the pairs of a file are divided. */
export interface DivideOptions {
  readonly settings: Pick<PairsSettings, "heldBack" | "seed" | "featureColumns" | "featureOrder">;
  readonly layout: Layout;
  /** Size of the file. */
  readonly sizeBytes: number;
  /** Reads the file and gives each of its pairs to a function. */
  readonly visit: (take: (example: Example) => void) => Promise<void>;
}

/**
 * Reads a file once, and divides and encodes its pairs.
 *
 * @throws {Error} if the file was not measured, or a side has no pair
 * @throws what `visit` throws
 */
export async function dividePairs(
  file: PairFile,
  { settings, layout, sizeBytes, visit }: DivideOptions,
): Promise<Split> {
  const { heldBack, seed } = settings;
  if (heldBack === null) {
    throw new Error(`Cannot read the pairs: "${file.path}" must be measured first`);
  }
  const { pairs: held } = heldBack;
  const holds = createHolding(heldBack, seed);
  const training = createDatasetBuilder(layout, countExpected(file.pairs - held, sizeBytes));
  const validation = createDatasetBuilder(layout, countExpected(held, sizeBytes));
  await visit((example) => (holds(example.question) ? validation : training).add(example));
  requirePairs(file, training.count, "to learn from");
  requirePairs(file, validation.count, "that are held back for validation");
  const split = { training: training.finish(), validation: validation.finish() };
  return varyFeatures(split, settings);
}

/** A file that was changed may have no pair for a side. */
function requirePairs({ path }: PairFile, count: number, what: string): void {
  if (count > 0) return;
  throw new Error(`Cannot use "${path}": it must have pairs ${what}, but has none`);
}

/** Limits the number of pairs that settings promise by the size of the file: a pair takes two bytes at least. */
export function countExpected(promised: number, sizeBytes: number): number {
  return Math.max(0, Math.min(promised, Math.ceil(sizeBytes / 2)));
}

/** Makes a function that takes the pairs of a file, and says in which line one is that cannot be encoded. */
export function encodePairs(
  { path }: Pick<PairFile, "path">,
  add: (example: Example) => void,
): TakePair {
  return ({ question, answer }, line) => {
    try {
      add({ question, answer });
    } catch (cause) {
      throw new SyntaxError(`Cannot read ${path}:${line}: ${takeReason(cause)}`, { cause });
    }
  };
}
