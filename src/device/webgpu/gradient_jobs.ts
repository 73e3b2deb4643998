/** The gradients of all parameters as products over rows and time steps. @module */
import type { Network, NetworkLayer } from "../../network/network.ts";
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

/** Lists the gradients of a network. */
export function listGradientJobs(
  network: Network,
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
  layer: NetworkLayer,
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
  layer: NetworkLayer,
  group: number,
): Pick<GradientJob, "columnsAt" | "columnQuads"> {
  const { column, count } = gateGroups(layer)[group]!;
  return { columnsAt: column / 4, columnQuads: paddedUnits(layer) * count / 4 };
}
