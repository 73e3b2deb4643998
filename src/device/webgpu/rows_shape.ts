/** How the threads of a workgroup share the rows of a batch. @module */
import type { NetworkSizes } from "./network_sizes.ts";

/** A workgroup that takes some rows of a batch through the whole network. */
export interface RowsShape {
  /** Number of rows, R. */
  readonly rows: number;
  /** Number of threads that share the depth of a unit's products, S. */
  readonly shares: number;
  /** Number of units that are computed at once, U: all of them, or as many as the adapter has threads. */
  readonly lanes: number;
  /** Number of units that a thread computes, one after another. */
  readonly slots: number;
  /**
   * Where the threads read each other's hidden states and gradients: in the workgroup's memory or, if these do not fit there or
   * a thread computes several units, where they are kept for the weight gradients.
   */
  readonly memory: "workgroup" | "storage";
}

/** The limits of a device that a shape depends on. */
export type ShapeLimits = Pick<
  GPUSupportedLimits,
  | "maxComputeInvocationsPerWorkgroup"
  | "maxComputeWorkgroupSizeX"
  | "maxComputeWorkgroupStorageSize"
>;

/** Largest number of values that a thread carries from one time step to the next, for each of a cell's names. */
const MOST_CARRIED = 64;

/**
 * Chooses the shape of a step of training.
 *
 * Measured on an H100 with 128 units: one row up to a batch of 128 (0.13 ms; most of it is reading weights from the second-level
 * cache, with four threads a unit), 4 rows at 1,024 (0.37 ms), 8 rows at 8,192 with one thread a unit (2.1 ms).
 */
export function chooseTrainingShape(
  sizes: NetworkSizes,
  limits: ShapeLimits,
  batchSize: number,
): RowsShape {
  const rows = batchSize < 256 ? 1 : batchSize < 512 ? 2 : batchSize < 2048 ? 4 : 8;
  return chooseShape(sizes, limits, { rows, shares: rows === 8 ? 1 : 4, training: true });
}

/**
 * Chooses the shape of measuring or answering. The depth is always shared alike, so that an answer does not depend on how many
 * are computed at once.
 */
export function chooseAnswerShape(
  sizes: NetworkSizes,
  limits: ShapeLimits,
  count: number,
): RowsShape {
  const single = chooseShape(sizes, limits, { rows: 1, shares: 4, training: false });
  const rows = [count < 512 ? 1 : count < 2048 ? 4 : 8, 4, 2].find((each) =>
    fits(sizes, limits, { rows: each, shares: single.shares, training: false })
  );
  if (rows === undefined || single.memory === "storage") return single;
  return { ...single, rows };
}

interface Wanted {
  readonly rows: number;
  readonly shares: number;
  readonly training: boolean;
}

function chooseShape(sizes: NetworkSizes, limits: ShapeLimits, wanted: Wanted): RowsShape {
  const { units } = sizes;
  for (let { rows } = wanted; rows >= 1; rows /= 2) {
    for (let { shares } = wanted; shares >= 1; shares /= 2) {
      if (shares > 1 && units / shares < 4) continue; // a share is whole quads
      if (!fits(sizes, limits, { ...wanted, rows, shares })) continue;
      return { rows, shares, lanes: units, slots: 1, memory: "workgroup" };
    }
  }
  const lanes = Math.min(units, mostThreads(limits));
  const slots = Math.ceil(units / lanes);
  const rows = Math.max(1, Math.min(wanted.rows, 2 ** Math.floor(Math.log2(MOST_CARRIED / slots))));
  return { rows, shares: 1, lanes, slots, memory: "storage" };
}

/** Whether threads and memory of a workgroup suffice for a shape in which every thread computes one unit. */
function fits(
  sizes: NetworkSizes,
  limits: ShapeLimits,
  { rows, shares, training }: Wanted,
): boolean {
  const { units, cell } = sizes;
  const { groups, vectors } = cell;
  const gates = groups.map((group) => group.length);
  const values = 1 + vectors.length + // hidden states, and what one stage of a cell gives to another
    (training ? gates.reduce((a, b) => a + b, 0) : 0) + // gradients of gates
    (shares > 1 ? shares * Math.max(...gates) : 0); // sums of the shares
  return units * shares <= mostThreads(limits) &&
    4 * rows * units * values <= limits.maxComputeWorkgroupStorageSize;
}

function mostThreads(limits: ShapeLimits): number {
  return Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX);
}
