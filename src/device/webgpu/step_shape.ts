/** How a step of training is computed on a device, chosen from the sizes of network and batch and the device's limits. @module */
import { padRows } from "./batch.ts";
import { countTiles, type GradientTile } from "./gradient_jobs.ts";
import { GRADIENT_TILES, tileBytes } from "./gradients.ts";
import { planTraining, type RowsPlan, type TrainingPlan } from "./rows_plan.ts";
import type { DeviceLimits, LaidOutNetwork } from "./laid_out_network.ts";
import type { RowsShape } from "./rows_shape.ts";

/** How a step is computed. */
export interface StepShape extends TrainingPlan {
  readonly tile: GradientTile;
  /** Threads of a workgroup of the update. */
  readonly threads: number;
  /** Number of bytes of an example. */
  readonly rowBytes: number;
  /** Number of rows of a batch. */
  readonly batchSize: number;
  /** Number of rows that are kept at once. A larger batch is taken in slices, each through the first two phases. */
  readonly sliceRows: number;
  /** Number of parts that the depth of the gradients is cut into; if several, a fourth dispatch sums them. */
  readonly cuts: number;
  /** Number of tiles of the gradients. */
  readonly tiles: number;
  /** Number of sums of squares of gradients. */
  readonly norms: number;
}

/** Most parts of a gradient. */
const MOST_CUTS = 16;
/** Rows of a batch for one part of a gradient. */
const ROWS_A_CUT = 128;
/** Number of workgroups that keep a card busy. */
const BUSY_GROUPS = 1024;

/** Gives the most bytes that a shader can have in one buffer. */
export function bindingBytes(limits: DeviceLimits): number {
  return Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
}

/** Chooses how a step is computed. Measured: one part below a batch of 256, batch / 128 parts from there on, at most 16. */
export function chooseStepShape(
  laidOut: LaidOutNetwork,
  batchSize: number,
): StepShape {
  const { sizes, parameters, limits } = laidOut;
  const mostRowsOf = ({ kept, rows }: RowsPlan): number =>
    countRows(kept, rows, bindingBytes(limits));
  const wanted = planTraining(laidOut, batchSize);
  const plan = mostRowsOf(wanted) > 0 ? wanted : planTraining(laidOut, 1);
  const { rows, jobs } = plan;
  const mostRows = Math.max(rows.rows, mostRowsOf(plan));
  const sliceRows = Math.min(padRows(batchSize, rows.rows), mostRows);
  const threads = limits.maxComputeInvocationsPerWorkgroup >= 256 ? 256 : 64;
  const tile = GRADIENT_TILES.find((each) =>
    each.rowQuads * each.columnQuads <= threads &&
    tileBytes(each) <= limits.maxComputeWorkgroupStorageSize
  ) ?? GRADIENT_TILES.at(-1)!;
  const tiles = countTiles(jobs, tile);
  const cuts = batchSize < 256 ? 1 : Math.max(
    1,
    Math.min(
      MOST_CUTS,
      Math.ceil(Math.min(batchSize, sliceRows) / ROWS_A_CUT),
      Math.ceil(BUSY_GROUPS / tiles),
      Math.floor(bindingBytes(limits) / 16 / parameters.quads) - 1,
    ),
  );
  const norms = cuts === 1 ? tiles : Math.ceil(parameters.quads / threads);
  const rowBytes = sizes.inputLength + sizes.outputLength;
  return { ...plan, tile, threads, rowBytes, batchSize, sliceRows, cuts, tiles, norms };
}

/** Counts the rows whose kept values fit into a buffer: a multiple of the rows of a workgroup. */
export function countRows(kept: RowsPlan["kept"], shape: RowsShape, sizeBytes: number): number {
  const rowBytes = Math.max(16 * kept.quads, 4 * kept.values);
  return shape.rows * Math.floor(sizeBytes / rowBytes / shape.rows);
}

/** The buffers whose size depends on the network or the batch. */
export type StepBufferName =
  | "order"
  | "weights"
  | "transposed"
  | "gradient"
  | "kept_quads"
  | "kept"
  | "results";

/** Gives the bytes of the buffers that a step needs, by name. */
export function stepBytes(
  { parameters, sizes }: LaidOutNetwork,
  shape: StepShape,
): Record<StepBufferName, number> {
  return {
    order: 4 * (shape.batchSize + 1),
    weights: 16 * parameters.quads,
    transposed: 16 * parameters.transposedQuads,
    gradient: 16 * (shape.cuts * parameters.quads + shape.norms),
    kept_quads: 16 * shape.kept.quads * shape.sliceRows,
    kept: 4 * shape.kept.values * shape.sliceRows,
    results: 8 * shape.batchSize * sizes.outputLength,
  };
}
