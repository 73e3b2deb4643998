/** Measures the files of pairs that a problem is learned from. @module */
import {
  createPairMeter,
  type MeasuredPairs,
  PAIR_SIDES,
  type PairSide,
} from "../problem/pairs/pair_meter.ts";
import type { PairFile, PairsSettings } from "../problem/pairs/settings.ts";
import type { TurnOptions } from "../time/slices.ts";
import { formatOf, readPairFile } from "./pair_files.ts";

/** How files are measured. */
export interface MeasureOptions extends Omit<TurnOptions, "onProgress"> {
  /** Whether the model reads questions reversed. */
  readonly reverse: boolean;
  /** Called several times a second with the bytes that were read of a file, and all its bytes. */
  readonly onProgress?: (path: string, done: number, of: number) => void;
}

/**
 * Reads all files of a problem once, and measures them. The settings of the result have the hashes of the files.
 *
 * @throws {RangeError} if no model can learn from them, with advice
 * @throws {Error} what `readPairFile` throws
 */
export async function measurePairFiles(
  settings: PairsSettings,
  { reverse, onProgress, ...turns }: MeasureOptions,
): Promise<MeasuredPairs> {
  const meter = createPairMeter(settings);
  const files: Partial<Record<PairSide, PairFile>> = {};
  for (const side of PAIR_SIDES) {
    const source = settings[side];
    if (source === null) continue;
    const path = typeof source === "string" ? source : source.path;
    const format = formatOf(path, settings.format);
    const { file, report } = await readPairFile({ path, format }, settings, meter.begin(side), {
      ...turns,
      ...(onProgress && { onProgress: (done, of) => onProgress(path, done, of) }),
    });
    meter.end(report);
    files[side] = file;
  }
  const measured = meter.conclude(reverse);
  return { ...measured, settings: { ...measured.settings, ...files } };
}
