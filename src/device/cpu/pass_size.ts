/** How a pass divides its work, and the room that its arguments take. @module */
import type { Network, RepeatNetwork } from "../../network/network.ts";
import { countUsualWork } from "./attention/attention_work.ts";
import { countMultiplyAdds, recurrentLayers, widthOf } from "./layer_sizes.ts";

/** Weights of more bytes than this do not stay in the second-level cache, so several panels share each read of them. */
const CACHED_WEIGHT_BYTES = 1 << 20;

/** Most panels of a task. */
const MOST_PANELS = 8;

/** Multiply-adds of about 0.05 s on one thread, and most examples of them. */
const EXAMPLE_WORK = 5e8;
const MOST_EXAMPLES = 4096;

/** Multiply-adds of a few milliseconds on one thread, and most steps of them. */
const STEP_WORK = 3e7;
const MOST_STEPS = 64;

/** Bytes of the arguments of one layer. */
const LAYER_ARGUMENT_BYTES = 1024;

/** How the panels of a pass are divided into tasks. */
export interface RowDivision {
  /** Panels of a task: few, so that no thread waits long for another. */
  readonly group: number;
  /** Number of workspaces, each for a group: one for each task, or one for each thread if there are fewer. */
  readonly slots: number;
}

/** Divides the panels of a pass. Results do not depend on it. */
export function divideRows(
  network: RepeatNetwork,
  { panels, threads }: { readonly panels: number; readonly threads: number },
): RowDivision {
  const weights = recurrentLayers(network).map((layer) => 4 * layer.hiddenSize * widthOf(layer));
  const isCached = Math.max(...weights) <= CACHED_WEIGHT_BYTES;
  const shared = isCached ? 1 : Math.floor(panels / (2 * threads));
  const group = Math.max(1, Math.min(MOST_PANELS, shared));
  return { group, slots: Math.min(threads, Math.ceil(panels / group)) };
}

/** Counts the examples to measure or answer at once, so that it takes less than about 0.1 s. */
export function countExamplesAtOnce(network: Network): number {
  const panels = Math.floor(EXAMPLE_WORK / countWork(network, 8));
  return 8 * Math.max(1, Math.min(MOST_EXAMPLES / 8, panels));
}

/** Counts the steps to take before the event loop has a turn. */
export function countStepsAtOnce(network: Network, batchSize: number): number {
  const steps = Math.floor(STEP_WORK / (3 * countWork(network, batchSize)));
  return Math.max(1, Math.min(MOST_STEPS, steps));
}

/** Counts the multiply-adds of a forward pass; with attention, of examples of the usual length. */
function countWork(network: Network, examples: number): number {
  return network.decoder === "repeat"
    ? countMultiplyAdds(network, examples)
    : countUsualWork(network, examples);
}

/** Gives the bytes to reserve for the arguments of all jobs of a pass. */
export function argumentBytes({ layers }: RepeatNetwork): number {
  return LAYER_ARGUMENT_BYTES * (layers.length + 2);
}
