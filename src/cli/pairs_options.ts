/** The options of files of pairs, and the measuring of the files that were typed. @module */
import { measurePairFiles } from "../checkpoint/measure_pair_files.ts";
import type { MeasuredPairs } from "../problem/pairs/pair_meter.ts";
import { BadLineError } from "../problem/pairs/pair_reader.ts";
import { PAIRS_SETTINGS, type PairsSettings } from "../problem/pairs/settings.ts";
import type { OptionSpec } from "./options.ts";
import { createPreparation } from "./preparation.ts";
import { describeOptions } from "./typed_settings.ts";
import { UsageError } from "./usage_error.ts";

/** Options of files of pairs. */
export const PAIRS_OPTIONS: readonly OptionSpec[] = describeOptions(PAIRS_SETTINGS);

/**
 * Measures the files that were typed, with a progress line.
 *
 * @throws {UsageError} if no model can learn from them, with advice
 * @throws {Error} if a file or a line cannot be read, with advice
 * @throws the signal's reason, if it aborts
 */
export async function measureTyped(
  settings: PairsSettings,
  { reverse, signal }: { readonly reverse: boolean; readonly signal: AbortSignal },
): Promise<MeasuredPairs> {
  const preparation = createPreparation();
  try {
    return await measurePairFiles(settings, {
      ...{ reverse, signal },
      onProgress: (path, done, of) =>
        preparation.show(`Measuring ${path}`)(toMegabytes(done), toMegabytes(of)),
    });
  } catch (error) {
    if (error instanceof BadLineError) {
      throw new Error(`${error.message}; --bad-lines skip leaves such lines out`, { cause: error });
    }
    if (error instanceof RangeError) throw new UsageError(nameOptions(error.message));
    throw error;
  } finally {
    preparation.clear();
  }
}

/** Names options as they are typed. */
function nameOptions(message: string): string {
  return message
    .replace(/by a maxLength of (\d+) and badLines skip/, "by --max-length $1 --bad-lines skip")
    .replace("decomposed to NFD they have", "decomposed by --normalize nfd they have")
    .replace("give a validation file instead", "give a --validation file instead");
}

function toMegabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}
