/** Adam on the CPU: its state, and the job that updates and packs all parameters. @module */
import type { Network } from "../../network/network.ts";
import { type AdamRates, type AdamSettings, OPTIMIZER_SLOTS } from "../optimizer.ts";
import { createArgumentWriter } from "./arguments.ts";
import type { Engine } from "./engine.ts";
import { type Layout, layOut } from "./layout.ts";
import { writePartTable } from "./part_table.ts";
import { copyName, listParts, parameterName, parameterSizes } from "./parts.ts";
import type { AddressOf } from "./layout.ts";
import { fieldOffset } from "./structs.ts";
import type { Job } from "./thread_pool.ts";
import { divideSquares, updateBytes } from "./training_layout.ts";

/** The state of an optimiser, and its place in memory. */
export interface PlacedOptimizer {
  readonly settings: AdamSettings;
  /** Gives the address of a tensor of the state: see {@linkcode momentName}. */
  readonly moments: AddressOf;
}

/** Names the tensor of a slot for a parameter. */
export function momentName(slot: string, parameter: number): string {
  return `${slot} ${parameterName(parameter)}`;
}

/** Places the state: the moments of every parameter. */
export function optimizerLayout(network: Network): Layout {
  return layOut(
    OPTIMIZER_SLOTS.adam.flatMap((slot) =>
      parameterSizes(network).map(([, bytes], i) => [momentName(slot, i), bytes] as const)
    ),
  );
}

/** The places of what an update reads and writes. */
export interface UpdatePlaces {
  readonly network: Network;
  /** Parameters, and copies for products with them and with their transposes. */
  readonly weights: AddressOf;
  readonly transposed: AddressOf;
  /** Gradients, their squares, and the arguments of the update. */
  readonly buffers: AddressOf;
}

/** The update of a step. */
export interface AdamJob {
  readonly job: Job;
  /** Whether it needs the squares of the gradients. */
  readonly isClipped: boolean;
  /** Writes the rates of the next step. */
  setRates(rates: AdamRates): void;
}

/** Writes the arguments of an update into the place that a training has for them. */
export function writeAdam(
  { heap }: Engine,
  { network, weights, transposed, buffers }: UpdatePlaces,
  { settings, moments }: PlacedOptimizer,
): AdamJob {
  const writer = createArgumentWriter(heap.memory, {
    address: buffers("update"),
    sizeBytes: updateBytes(network),
  });
  const { beta1, beta2, epsilon, clipNorm } = settings;
  const { address: parts, tasks } = writePartTable(writer, listParts(network), (part) => {
    const name = parameterName(part.parameter);
    return {
      ...{ parameter: weights(name), gradient: buffers(name) },
      m: moments(momentName("m", part.parameter)),
      v: moments(momentName("v", part.parameter)),
      ...{ forward: weights(copyName(part)), transposed: transposed(copyName(part)) },
    };
  });
  const squares = divideSquares(network);
  const args = writer.write("AdamArgs", {
    ...{ alpha: 0, decay: 1, firstRate: 1 - beta1, secondRate: 1 - beta2, epsilon, clipNorm },
    ...{ squares: buffers("squares"), squareCount: squares.tasks + squares.biasTasks, parts },
  });
  const floatAt = (field: "alpha" | "decay"): Float32Array =>
    new Float32Array(heap.memory.buffer, args + fieldOffset("AdamArgs", field), 1);
  const alphaAt = floatAt("alpha"), decayAt = floatAt("decay");
  return {
    job: { kernel: "updateParameters", args, tasks },
    isClipped: clipNorm > 0,
    setRates({ alpha, decay }): void {
      alphaAt[0] = alpha;
      decayAt[0] = decay;
    },
  };
}
