/** Reads files of pairs again, and lays their pairs out: only the files that were measured. @module */
import { createDatasetBuilder, type Dataset } from "../dataset/dataset.ts";
import { countExpected, dividePairs, encodePairs } from "../dataset/divide_pairs.ts";
import type { Split } from "../dataset/split.ts";
import { varyFeatures } from "../dataset/vary_features.ts";
import type { Layout } from "../codec/layout.ts";
import type { Example } from "../problem/example.ts";
import { ChangedPairsError } from "../problem/pairs/changed_pairs.ts";
import type { PairSide } from "../problem/pairs/pair_meter.ts";
import type { PairFile, PairSource, PairsSettings } from "../problem/pairs/settings.ts";
import type { TurnOptions } from "../time/slices.ts";
import { hashFile, MissingPairsError, readPairFile } from "./pair_files.ts";
import { statIfThere } from "./stat_if_there.ts";

/** Gives a file that was measured. @throws {Error} if there is none, or it was not measured, or it is not there any more */
async function requireFile(settings: PairsSettings, side: PairSide): Promise<PairFile> {
  const file: PairSource = settings[side];
  if (file === null) {
    throw new Error(`Cannot read the pairs: the settings name no ${side} file`);
  }
  if (typeof file === "string") throw new Error(`Cannot read "${file}": it must be measured first`);
  if (await statIfThere(file.path) === undefined) throw new MissingPairsError(file.path, side);
  return file;
}

/**
 * Reads the pairs of a problem and lays them out: the training and the validation side. Progress is counted in bytes.
 *
 * @throws {Error} if a file is not the one that was measured, with both hashes, or a side of the split has no pair
 * @throws what `readPairFile` throws
 */
export async function openPairSplit(
  settings: PairsSettings,
  layout: Layout,
  turns: TurnOptions = {},
): Promise<Split> {
  const data = await requireFile(settings, "data");
  if (settings.validation !== null) {
    const training = await openPairDataset(settings, layout, "data", turns);
    const validation = await openPairDataset(settings, layout, "validation", turns);
    return varyFeatures({ training, validation }, settings);
  }
  return await dividePairs(data, {
    ...{ settings, layout, sizeBytes: await sizeOf(data) },
    visit: (take) => encodeFile(data, settings, take, turns),
  });
}

/** Reads all pairs of one of a problem's files. @throws what `openPairSplit` throws */
export async function openPairDataset(
  settings: PairsSettings,
  layout: Layout,
  which: PairSide,
  turns: TurnOptions = {},
): Promise<Dataset> {
  const file = await requireFile(settings, which);
  const builder = createDatasetBuilder(layout, countExpected(file.pairs, await sizeOf(file)));
  await rereadPairs(settings, which, builder.add, turns);
  return builder.finish();
}

/** Reads all pairs of one of a problem's files, and gives them to a function. @throws what `openPairSplit` throws */
export async function rereadPairs(
  settings: PairsSettings,
  which: PairSide,
  add: (example: Example) => void,
  turns: TurnOptions = {},
): Promise<void> {
  await encodeFile(await requireFile(settings, which), settings, add, turns);
}

async function sizeOf({ path }: PairFile): Promise<number> {
  return (await statIfThere(path))?.size ?? 0;
}

/** Reads a file again, and checks that it is the same. */
async function encodeFile(
  file: PairFile,
  settings: PairsSettings,
  add: (example: Example) => void,
  turns: TurnOptions,
): Promise<void> {
  const take = encodePairs(file, add);
  let found: string;
  try {
    found = (await readPairFile(file, settings, take, turns)).file.sha256;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    found = await hashFile(file.path); // what is wrong with another file would mislead
    if (found === file.sha256) throw error;
  }
  if (found !== file.sha256) throw new ChangedPairsError(file, found);
}
