/** How the threads of a workgroup share the rows of a batch, for a network with attention. @module */
import type { RowsShape, ShapeLimits } from "../rows_shape.ts";
import type { AttentionSizes } from "./attention_sizes.ts";

/** Bytes of a workgroup's memory for what is not a sum of the threads: spans, and the choice of symbols. */
const OTHER_BYTES = 256;

/**
 * Chooses the shape of a step of training. As with the decoder `repeat`, most of the time is reading weights from the second-level
 * cache, so that larger batches take more rows at once: their text is written once for each row. Not measured on a card.
 */
export function chooseAttentionTrainingShape(
  sizes: AttentionSizes,
  limits: ShapeLimits,
  batchSize: number,
): RowsShape {
  const rows = batchSize < 256 ? 1 : batchSize < 512 ? 2 : 4;
  return chooseShape(sizes, limits, { rows, shares: 4 });
}

/**
 * Chooses the shape of measuring, answering or decoding. The depth is always shared alike, so that an answer does not depend on how
 * many are computed at once.
 */
export function chooseAttentionAnswerShape(
  sizes: AttentionSizes,
  limits: ShapeLimits,
  count: number,
): RowsShape {
  const single = chooseShape(sizes, limits, { rows: 1, shares: 4 });
  const rows = [count < 512 ? 1 : 4, 2].find((each) =>
    fits(sizes, limits, { ...single, rows: each })
  );
  return { ...single, rows: rows ?? 1 };
}

function chooseShape(
  sizes: AttentionSizes,
  limits: ShapeLimits,
  wanted: Pick<RowsShape, "rows" | "shares">,
): RowsShape {
  const units = countLanes(sizes);
  const most = Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX);
  const shape = { lanes: units, slots: 1, memory: "storage" } as const;
  for (let { rows } = wanted; rows >= 1; rows /= 2) {
    for (let { shares } = wanted; shares > 1; shares /= 2) {
      const isWhole = units / shares >= 4; // a share is whole quads
      if (isWhole && fits(sizes, limits, { ...shape, rows, shares })) {
        return { ...shape, rows, shares };
      }
    }
  }
  const lanes = Math.min(units, 4 * Math.floor(most / 4));
  return {
    rows: wanted.rows,
    shares: 1,
    lanes,
    slots: Math.ceil(units / lanes),
    memory: "storage",
  };
}

/** Number of lanes of the widest recurrent layer. */
function countLanes({ units, directions, directionUnits }: AttentionSizes): number {
  return Math.max(units, directions * directionUnits);
}

/** Whether threads and memory of a workgroup suffice. */
function fits(
  { cell }: AttentionSizes,
  limits: ShapeLimits,
  { lanes, rows, shares }: Pick<RowsShape, "lanes" | "rows" | "shares">,
): boolean {
  const threads = lanes * shares;
  const gates = Math.max(...cell.groups.map((group) => group.length));
  const sums = shares === 1 ? 0 : gates * rows;
  return threads <= limits.maxComputeInvocationsPerWorkgroup &&
    threads <= limits.maxComputeWorkgroupSizeX &&
    4 * threads * (1 + sums) + OTHER_BYTES <= limits.maxComputeWorkgroupStorageSize;
}
