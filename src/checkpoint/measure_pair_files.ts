/** Measures the files of pairs that a problem is learned from. @module */
import {
  measureData,
  type MeasuredPairs,
  PAIR_SIDES,
  type PairMeter,
  type PairSide,
} from "../problem/pairs/pair_meter.ts";
import type { PairFile, PairsSettings } from "../problem/pairs/settings.ts";
import type { TurnOptions } from "../time/slices.ts";
import { formatOf } from "../problem/pairs/format_of.ts";
import { readPairFile } from "./pair_files.ts";

/** How files are measured. */
export interface MeasureOptions extends Omit<TurnOptions, "onProgress"> {
  /** Whether the model reads questions reversed. */
  readonly reverse: boolean;
  /** Called several times a second with the bytes that were read of a file, and all its bytes. */
  readonly onProgress?: (path: string, done: number, of: number) => void;
}

/**
 * Reads all files of a problem once, and measures them. The settings of the result have the hashes of the files, and the Unicode form
 * that was chosen; if that is NFD, the data is read a second time.
 *
 * @throws {RangeError} if no model can learn from them, with advice
 * @throws {Error} what `readPairFile` throws
 */
export async function measurePairFiles(
  settings: PairsSettings,
  { reverse, onProgress, ...turns }: MeasureOptions,
): Promise<MeasuredPairs> {
  const files: Partial<Record<PairSide, PairFile>> = {};
  const readSide = async (meter: PairMeter, side: PairSide): Promise<void> => {
    const source = settings[side];
    if (source === null) return;
    const path = typeof source === "string" ? source : source.path;
    const format = formatOf(path, settings.format);
    const { file, report } = await readPairFile(
      { path, format },
      meter.settings,
      meter.begin(side),
      { ...turns, ...(onProgress && { onProgress: (done, of) => onProgress(path, done, of) }) },
    );
    meter.end(report);
    files[side] = file;
  };
  const { meter, form } = await measureData(settings, (meter) => readSide(meter, "data"));
  for (const side of PAIR_SIDES) if (side !== "data") await readSide(meter, side);
  const measured = meter.conclude(reverse);
  return {
    ...measured,
    settings: { ...measured.settings, ...files },
    ...(form && { form }),
  };
}
