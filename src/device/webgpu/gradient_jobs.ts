/** The gradients of all parameters as products over rows and time steps: a table that the shader reads. @module */
import type { RepeatLayer, RepeatNetwork } from "../../network/network.ts";
import { CELL_KERNELS } from "./cells/cells.ts";
import type { KeptLayer, KeptLayout, KeptPlace } from "./kept_layout.ts";
import {
  gateGroups,
  type MatrixPlace,
  paddedUnits,
  padToQuads,
  type ParameterLayout,
  rowColumns,
  type RowsPlace,
} from "./parameter_layout.ts";
import { defineStruct, type Struct } from "./struct.ts";

const JOB_FIELDS = {
  first_tile: "u32",
  end_tile: "u32", // the tile after the last
  row_quads: "u32",
  column_quads: "u32",
  steps: "u32", // time steps
  one_at: "u32", // the quad of rows that begins with the one of the bias
  has_characters: "u32", // 1: one-hot characters are multiplied
  factors_at: "u32", // quads of a row before the first that is multiplied; of characters, values
  factors_row: "u32", // quads of a row at a time step
  gates_are_quads: "u32", // 1: the gradients of the gates are in `kept_quads`
  gates_at: "u32",
  gates_row: "u32",
  gates_column: "u32", // the first quad of columns in a row
  is_rows: "u32", // 1: the products are rows that are looked up, and the bias
  to_at: "u32",
  to_units: "u32", // units of a matrix; quads of a row
  to_gates: "u32",
  to_rows: "u32",
  bias_at: "u32",
} as const;

/**
 * A gradient: the sum, over rows and time steps, of what was multiplied times the gradients of the gates.
 *
 * Its rows are those of a matrix, or those that are looked up and the bias. Sizes are in quads.
 */
export interface GradientJob {
  /** What was multiplied: vectors that are kept, or one-hot characters and a one for the bias. */
  readonly factor: KeptFactor | OneHotFactor;
  /** Number of quads of rows. */
  readonly rowQuads: number;
  /** The gradients of the gates. */
  readonly gradients: KeptPlace;
  /** The time step of `gradients` that is summed first. */
  readonly firstStep: number;
  /** Number of time steps that are summed. */
  readonly steps: number;
  /** The first quad of columns in a row of `gradients`. */
  readonly columnsAt: number;
  /** Number of quads of columns. */
  readonly columnQuads: number;
  /** Where the gradient goes. */
  readonly to: MatrixPlace | { readonly lookup: RowsPlace | undefined; readonly bias: RowsPlace };
}

/** Vectors that were kept, from a time step on. */
export interface KeptFactor {
  readonly type: "kept";
  readonly place: KeptPlace;
  readonly firstStep: number;
}

/** Characters as one-hot vectors, then a one; without characters, the one alone. */
export interface OneHotFactor {
  readonly type: "oneHot";
  readonly characters: KeptPlace | undefined;
  /** The quad of rows that begins with the one. */
  readonly oneAt: number;
}

/** A tile of a gradient: a thread computes one quad of rows times one quad of columns. */
export interface GradientTile {
  /** Number of quads of rows. */
  readonly rowQuads: number;
  /** Number of quads of columns. */
  readonly columnQuads: number;
  /** Number of rows of the batch, at a time step, that are read into the workgroup's memory at once. */
  readonly depth: number;
}

/** A job as the shader reads it: what its tiles multiply, and where the products go. */
export const JOB: Struct<keyof typeof JOB_FIELDS> = defineStruct("Job", JOB_FIELDS);

/** Lists the gradients of a network. */
export function listGradientJobs(
  network: RepeatNetwork,
  layout: ParameterLayout,
  kept: KeptLayout,
): GradientJob[] {
  return network.layers.flatMap((layer, i) => {
    const { inputs, recurrent, lookup, bias } = layout.layers[i]!;
    const { gradients, totals } = kept.layers[i]!;
    // a layer whose input is the same at every time step has all of its gradient in the sum over time
    const outer = totals ?? gradients!;
    const outerSteps = totals === undefined ? layer.timeSteps : 1;
    const one: OneHotFactor = {
      type: "oneHot",
      characters: lookup && kept.characters,
      oneAt: padToQuads(lookup?.count ?? 0) / 4,
    };
    const rows: GradientJob = {
      ...{ factor: one, rowQuads: one.oneAt + 1, gradients: outer },
      ...{ firstStep: 0, steps: outerSteps, columnsAt: 0, columnQuads: rowColumns(layer) / 4 },
      to: { lookup, bias },
    };
    const before = kept.layers[i - 1]?.states;
    return [
      ...inputs.map((to, g): GradientJob => ({
        factor: {
          type: "kept",
          place: before!,
          firstStep: totals === undefined ? 0 : before!.steps - 1,
        },
        ...columnsOf(layer, g),
        ...{ rowQuads: to.depth / 4, gradients: outer, firstStep: 0, steps: outerSteps, to },
      })),
      ...recurrent.map((to, g): GradientJob => ({
        factor: recurrentFactor(layer, g, kept.layers[i]!),
        ...columnsOf(layer, g),
        ...{ rowQuads: to.depth / 4, gradients: gradients!, firstStep: 1, to },
        steps: layer.timeSteps - 1,
      })),
      rows,
    ];
  });
}

/** Gives what a recurrent kernel was multiplied by, from the second time step on: at the first, the states before are zero. */
function recurrentFactor(
  layer: RepeatLayer,
  group: number,
  { states, vectors }: KeptLayer,
): KeptFactor {
  const stages = layer.type === "recurrent" ? CELL_KERNELS[layer.cell].forward : [];
  const { vector } = stages.find((stage) => stage.group === group)!;
  return vector === "states"
    ? { type: "kept", place: states!, firstStep: 0 }
    : { type: "kept", place: vectors[vector]!, firstStep: 1 };
}

/** Gives the columns of a group of gates. */
function columnsOf(
  layer: RepeatLayer,
  group: number,
): Pick<GradientJob, "columnsAt" | "columnQuads"> {
  const { column, count } = gateGroups(layer)[group]!;
  return { columnsAt: column / 4, columnQuads: paddedUnits(layer) * count / 4 };
}

/** Counts the tiles of some jobs. Each gives the sum of its squares. */
export function countTiles(jobs: readonly GradientJob[], tile: GradientTile): number {
  return jobs.reduce(
    (sum, { rowQuads, columnQuads }) =>
      sum + Math.ceil(rowQuads / tile.rowQuads) * Math.ceil(columnQuads / tile.columnQuads),
    0,
  );
}

/** Gives the table of jobs that the shader reads. */
export function packJobs(
  jobs: readonly GradientJob[],
  tile: GradientTile,
): Uint8Array<ArrayBuffer> {
  let tiles = 0;
  return JOB.pack(...jobs.map((job) => {
    const first = tiles;
    tiles += countTiles([job], tile);
    return { ...describeJob(job), first_tile: first, end_tile: tiles };
  }));
}

/** A number above every quad of rows. */
const NO_ROW = 0xffff_ffff;

function describeJob(job: GradientJob): Record<keyof typeof JOB_FIELDS, number> {
  const { factor, gradients, to } = job;
  const gates = quadsOf(gradients, job.firstStep);
  const kept = factor.type === "kept" ? quadsOf(factor.place, factor.firstStep) : undefined;
  const isHot = factor.type === "oneHot";
  return {
    ...{ first_tile: 0, end_tile: 0, steps: job.steps },
    ...{ row_quads: job.rowQuads, column_quads: job.columnQuads },
    one_at: isHot ? factor.oneAt : NO_ROW,
    has_characters: Number(isHot && factor.characters !== undefined),
    factors_at: isHot ? factor.characters?.before ?? 0 : kept!.at,
    factors_row: kept?.row ?? 0,
    gates_are_quads: Number(gradients.buffer === "kept_quads"),
    ...{ gates_at: gates.at, gates_row: gates.row, gates_column: job.columnsAt },
    ...("units" in to
      ? { is_rows: 0, to_at: to.at, to_units: to.units, to_gates: to.gates, to_rows: 0, bias_at: 0 }
      : {
        ...{ is_rows: 1, to_at: to.lookup?.at ?? 0, to_units: to.bias.quads, to_gates: 0 },
        ...{ to_rows: to.lookup?.count ?? 0, bias_at: to.bias.at },
      }),
  };
}

/** Gives the quads of a row before a time step, and those of a row at a time step. */
function quadsOf(place: KeptPlace, step: number): { at: number; row: number } {
  const per = place.buffer === "kept_quads" ? 1 : 4;
  return { at: (place.before + step * place.width) / per, row: place.width / per };
}
