/** The way forward alone: measures and answers. @module */
import type { RepeatNetwork } from "../../network/network.ts";
import { createArgumentWriter } from "./arguments.ts";
import type { Engine } from "./engine.ts";
import { firstStepJob, firstStepSizes } from "./first_step.ts";
import { countMultiplyAdds, countPanels, sharesFirstStep } from "./layer_sizes.ts";
import { type Layout, layOut } from "./layout.ts";
import { argumentBytes, divideRows } from "./pass_size.ts";
import { type PassInput, type PassResults, writePass } from "./pass_arguments.ts";
import { addSums, SUM_BYTES, type Sums } from "./sums.ts";
import type { Phase } from "./thread_pool.ts";
import type { Weights } from "./weights.ts";
import { layOutWorkspace } from "./workspace.ts";

/** Most examples of a call. */
export const FORWARD_EXAMPLES = 4096;

/** What only training asks for. */
const NOTHING_KEPT = { rows: 0, roomRows: 0, smoothing: 0 };

/** Where a call finds its examples, and writes its results. */
export interface ForwardCall {
  readonly examples: number;
  readonly input: PassInput;
  readonly results: Omit<PassResults, "sums">;
}

/** Passes examples forward. */
export interface ForwardPass {
  /** Computes results of at most {@linkcode FORWARD_EXAMPLES} examples. @returns sums, of no meaning without targets */
  run(call: ForwardCall): Sums;
}

/** Places the buffers. */
export function forwardLayout(network: RepeatNetwork, threads: number): Layout {
  const panels = countPanels(FORWARD_EXAMPLES);
  const { group, slots } = divideRows(network, { panels, threads });
  return layOut([
    ["arguments", argumentBytes(network)],
    ...firstStepSizes(network),
    ["work", slots * group * layOutWorkspace(network, false).panelBytes],
    ["sums", SUM_BYTES * panels],
  ]);
}

/** Allocates the buffers. @throws {RangeError} if they do not fit into memory */
export function createForwardPass(
  engine: Engine,
  network: RepeatNetwork,
  weights: Weights,
): ForwardPass {
  const layout = forwardLayout(network, engine.threads);
  const block = engine.heap.allocate(layout.sizeBytes);
  const buffers = (name: string): number => layout.at(block, name);
  const workspace = layOutWorkspace(network, false);
  const places = { network, weights: weights.at, transposed: () => 0, buffers, workspace };
  return {
    run({ examples, input, results }): Sums {
      const panels = countPanels(examples);
      const { group, slots } = divideRows(network, { panels, threads: engine.threads });
      const isShared = sharesFirstStep(network, examples);
      const writer = createArgumentWriter(engine.heap.memory, {
        address: buffers("arguments"),
        sizeBytes: argumentBytes(network),
      });
      const { rows, first } = writePass(writer, places, {
        settings: { train: false, isShared, examples, group, slots, ...NOTHING_KEPT },
        input,
        results: { ...results, sums: input.targets === 0 ? 0 : buffers("sums") },
      });
      const phases: Phase[] = [];
      if (isShared) phases.push([firstStepJob(network, "firstStepForward", first)]);
      phases.push([{ kernel: "passRows", args: rows, tasks: Math.ceil(panels / group) }]);
      const work = panels === 1 ? 0 : countMultiplyAdds(network, examples);
      engine.run({ phases, work });
      return addSums(engine, buffers("sums"), panels);
    },
  };
}
