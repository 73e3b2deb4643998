/** Counts the bytes of the compute kernels' memory that a network takes, before anything is allocated. @module */
import type { Network } from "../../network/network.ts";
import { optimizerLayout } from "./adam.ts";
import { attentionForwardLayout } from "./attention/attention_forward.ts";
import { attentionTrainingLayout } from "./attention/attention_layout.ts";
import { forwardLayout } from "./forward.ts";
import { MAX_HEAP_BYTES } from "./heap.ts";
import { type Layout, layoutBytes } from "./layout.ts";
import { trainingLayout, type TrainingSize } from "./training_layout.ts";
import { weightLayout } from "./weights.ts";

/** Bytes of the kernels' memory that a network takes: see {@linkcode countCpuBytes}. */
export interface CpuBytes {
  /** The parameters, and copies of them. */
  readonly weights: number;
  /** What measures and answers need. */
  readonly forward: number;
  /** The moments of Adam. */
  readonly optimizer: number;
  /** What a step needs. */
  readonly training: number;
  /** All of these. */
  readonly total: number;
}

/** Share of the kernels' memory that a training may fill; the rest is for examples and results. */
const FILLED_SHARE = 0.93;

/** Counts the bytes. */
export function countCpuBytes(network: Network, size: TrainingSize): CpuBytes {
  const bytes = {
    weights: layoutBytes(weightLayout(network)),
    forward: layoutBytes(layOutForward(network, size)),
    optimizer: layoutBytes(optimizerLayout(network)),
    training: layoutBytes(layOutTraining(network, size)),
  };
  return { ...bytes, total: Object.values(bytes).reduce((a, b) => a + b, 0) };
}

function layOutForward(network: Network, { threads }: TrainingSize): Layout {
  return network.decoder === "repeat"
    ? forwardLayout(network, threads)
    : attentionForwardLayout(network, threads);
}

function layOutTraining(network: Network, size: TrainingSize): Layout {
  return network.decoder === "repeat"
    ? trainingLayout(network, size)
    : attentionTrainingLayout(network, size);
}

/** Says what does not fit if a network is trained: see `Device.findMisfit`. */
export function findCpuMisfit(network: Network, size: TrainingSize): string | undefined {
  const room = FILLED_SHARE * MAX_HEAP_BYTES;
  const { total } = countCpuBytes(network, size);
  if (total <= room) return undefined;
  return `a step needs ${gibibytes(total)} of the compute kernels' memory, which has room for ${
    gibibytes(room)
  }`;
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
