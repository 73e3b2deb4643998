/** Batches of a dataset, in order or shuffled. @module */
import { forkPrng } from "../random/prng.ts";
import { shuffledPositions } from "./shuffle.ts";
import { runAtOnce, runInTurns, type TurnOptions } from "../time/slices.ts";
import { copyRow, type Dataset } from "./dataset.ts";

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
  const { inputLength, outputLength } = dataset;
  for (const rows of batchRows(dataset.count, options)) {
    const sources = new Int32Array(rows.length * inputLength);
    const targets = new Int32Array(rows.length * outputLength);
    rows.forEach((row, i) => {
      copyRow(dataset.sources, row, sources, i, inputLength);
      copyRow(dataset.targets, row, targets, i, outputLength);
    });
    yield { size: rows.length, sources, targets };
  }
}

/** Gives the positions of each batch's examples, of one pass over `count` examples. */
export function* batchRows(count: number, options: BatchOptions): Generator<Uint32Array, void> {
  const { batchSize, order, from = 0 } = options;
  for (let start = from * batchSize; start < count; start += batchSize) {
    const size = Math.min(batchSize, count - start);
    yield order?.subarray(start, start + size) ??
      Uint32Array.from({ length: size }, (_, i) => start + i);
  }
}

/** Counts the batches of one pass. */
export function countBatches(dataset: Dataset, batchSize: number): number {
  return Math.ceil(dataset.count / batchSize);
}

/** Shuffles the positions of a dataset for one epoch: the same for the same seed and epoch. */
export function shuffleForEpoch(dataset: Dataset, seed: number, epoch: number): Uint32Array {
  return runAtOnce(shuffledPositions(dataset.count, forkPrng(seed, `order/${epoch}`)));
}

/** Does what {@linkcode shuffleForEpoch} does, and gives the event loop its turns: millions of examples take seconds. */
export function shuffleForEpochInTurns(
  dataset: Dataset,
  which: { readonly seed: number; readonly epoch: number },
  options: TurnOptions,
): Promise<Uint32Array> {
  const prng = forkPrng(which.seed, `order/${which.epoch}`);
  return runInTurns(shuffledPositions(dataset.count, prng), dataset.count, options);
}
