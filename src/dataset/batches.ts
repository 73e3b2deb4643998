/** Batches of a dataset, in order or shuffled. @module */
import { forkPrng, shuffle } from "../random/prng.ts";
import type { Dataset } from "./dataset.ts";

/** Some examples, as the model takes them: indices, batch-major. */
export interface Batch {
  /** Number of examples, B. */
  readonly size: number;
  /** Indices of the sources, int32 (B, T_in). */
  readonly sources: Int32Array;
  /** Indices of the targets, int32 (B, T_out). */
  readonly targets: Int32Array;
}

/** Which batches. */
export interface BatchOptions {
  /** Examples a batch; the last one of a pass may have fewer. */
  readonly batchSize: number;
  /** The order of the examples. Default: as they lie. */
  readonly order?: Uint32Array;
  /** The batch to begin with. Default 0. */
  readonly from?: number;
}

/** Gives the batches of one pass over a dataset. */
export function* batches(dataset: Dataset, options: BatchOptions): Generator<Batch, void> {
  const { batchSize, order, from = 0 } = options;
  for (let start = from * batchSize; start < dataset.count; start += batchSize) {
    const size = Math.min(batchSize, dataset.count - start);
    const sources = new Int32Array(size * dataset.inputLength);
    const targets = new Int32Array(size * dataset.outputLength);
    for (let i = 0; i < size; i++) {
      const at = order === undefined ? start + i : order[start + i]!;
      copyRow(dataset.sources, at, sources, i, dataset.inputLength);
      copyRow(dataset.targets, at, targets, i, dataset.outputLength);
    }
    yield { size, sources, targets };
  }
}

/** Counts the batches of one pass. */
export function countBatches(dataset: Dataset, batchSize: number): number {
  return Math.ceil(dataset.count / batchSize);
}

/** Shuffles the positions of a dataset for one epoch: the same for the same seed and epoch. */
export function shuffleForEpoch(dataset: Dataset, seed: number, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length: dataset.count }, (_, i) => i);
  return shuffle(order, forkPrng(seed, `order/${epoch}`));
}

function copyRow(
  from: Uint8Array,
  fromRow: number,
  to: Int32Array,
  toRow: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) to[toRow * length + i] = from[fromRow * length + i]!;
}
