/** What the jobs of the gradients have in common. @module */
import type { RecurrentLayer } from "../../network/network.ts";
import { splitOf, widthOf } from "./layer_sizes.ts";
import type { PassArguments, PassPlaces, PassSettings } from "./pass_arguments.ts";
import { edgeBytes } from "./training_layout.ts";

/** What the jobs are made of. */
export interface GradientPlan {
  readonly places: PassPlaces;
  readonly settings: PassSettings;
  readonly threads: number;
  readonly pass: PassArguments;
  /** Whether the squares of the gradients are summed, for their norm. */
  readonly isClipped: boolean;
}

/** Some columns of dz of a layer, and their buffers. */
export interface Columns {
  readonly column: number;
  readonly columns: number;
  /** Suffix of the buffers' names. */
  readonly suffix: "Panels" | "CandidatePanels";
  /** Factor of the recurrent kernel, from the time step before. */
  readonly states: "statePanels" | "resetPanels";
  /** Offset of their edges. */
  readonly edges: number;
}

/** Divides dz: for GRU into the columns of the two gates and those of the candidate, else into one part. */
export function columnParts(layer: RecurrentLayer): Columns[] {
  const split = splitOf(layer), width = widthOf(layer);
  const gates: Columns = {
    ...{ column: 0, columns: split, edges: 0 },
    ...{ suffix: "Panels", states: "statePanels" },
  };
  if (split === width) return [gates];
  return [gates, {
    ...{ column: split, columns: width - split, edges: 2 * edgeBytes(split) },
    ...{ suffix: "CandidatePanels", states: "resetPanels" },
  }];
}

/** Most panels of columns that share each read of the rows; fewer if threads would be idle. */
const MOST_COLUMN_PANELS = 4;

/** Gives the panels of 8 columns of a task. Results do not depend on it. */
export function groupOf(columns: number, threads: number): number {
  return Math.max(1, Math.min(MOST_COLUMN_PANELS, Math.floor(columns / 8 / (4 * threads))));
}
