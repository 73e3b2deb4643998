/** Parts of examples that are on a device at once. @module */
import type { Dataset } from "../dataset/dataset.ts";

/** Most bytes of examples that are on the device at once, and most examples. */
const HELD_BYTES = 2 ** 24;
const HELD_EXAMPLES = 2 ** 16;

/** Counts the examples that are held at once. */
export function countHeld({ source, target }: Pick<Dataset, "source" | "target">): number {
  const bytesOfExample = source.length + target.length;
  return Math.max(1, Math.min(HELD_EXAMPLES, Math.floor(HELD_BYTES / bytesOfExample)));
}

/** Divides a dataset into parts that share its memory. */
export function* divideDataset(
  dataset: Dataset,
  size: number,
): Generator<{ from: number; part: Dataset }, void> {
  const { count, source, target, sources, targets } = dataset;
  if (count <= size) return yield { from: 0, part: dataset };
  for (let from = 0; from < count; from += size) {
    const to = Math.min(count, from + size);
    yield {
      from,
      part: {
        ...{ source, target, count: to - from },
        sources: sources.subarray(from * source.length, to * source.length),
        targets: targets.subarray(from * target.length, to * target.length),
      },
    };
  }
}
