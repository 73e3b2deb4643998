/** Finds the files of pairs of a run again. @module */
import { PAIR_SIDES, type PairSide } from "../problem/pairs/pair_meter.ts";
import type { PairFile, PairSource, PairsSettings } from "../problem/pairs/settings.ts";
import type { TurnOptions } from "../time/slices.ts";
import { ChangedPairsError } from "../problem/pairs/changed_pairs.ts";
import { hashFile, MissingPairsError, readPairFile } from "./pair_files.ts";
import { statIfThere } from "./stat_if_there.ts";

/** Where the files of a problem are now. */
export interface LocateOptions extends Omit<TurnOptions, "onProgress"> {
  /** Paths of files that have moved. */
  readonly paths: { readonly [side in PairSide]?: PairSource };
  /** Whether a file may have changed. */
  readonly acceptsChanges: boolean;
  /** Called several times a second with the bytes that were read of a file, and all its bytes. */
  readonly onProgress?: (path: string, done: number, of: number) => void;
}

/**
 * Finds the files of a problem again, and checks that they are the same.
 *
 * @returns the settings with the paths, and with the hashes of files that have changed and may
 * @throws {ChangedPairsError} if a file has changed and may not
 * @throws {MissingPairsError} if there is no file
 */
export async function locatePairFiles(
  settings: PairsSettings,
  { paths, acceptsChanges, onProgress, ...turns }: LocateOptions,
): Promise<PairsSettings> {
  const found: { [side in PairSide]?: PairFile } = {};
  for (const side of PAIR_SIDES) {
    const [saved, given] = [settings[side], paths[side]];
    if (saved === null && typeof given === "string") {
      throw new RangeError(
        `Cannot use "${given}" as the ${side} file: the run has none, and a run keeps the files that it began with`,
      );
    }
    if (saved === null || typeof saved === "string") continue;
    const file = { ...saved, ...(typeof given === "string" && { path: given }) };
    if (await statIfThere(file.path) === undefined) throw new MissingPairsError(file.path, side);
    const report = onProgress && ((done: number, of: number) => onProgress(file.path, done, of));
    const options = { ...turns, ...(report && { onProgress: report }) };
    const sha256 = await hashFile(file.path, options);
    if (sha256 === file.sha256) found[side] = file;
    else if (!acceptsChanges) throw new ChangedPairsError(file, sha256);
    else found[side] = (await readPairFile(file, settings, () => {}, options)).file;
  }
  return { ...settings, ...found };
}
