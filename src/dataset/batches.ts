/** Batches of a dataset, in order or shuffled. @module */
import { resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { instanceOf, integer, optional, type Rule } from "../arguments/rule.ts";
import { checkDataset, copyRow, type Dataset } from "./dataset.ts";

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
  /** The positions to take, in order: each may come once, several times, or not at all. Default: all, as they lie. */
  readonly order?: Uint32Array;
  /** The batch to begin with. Default 0. */
  readonly from?: number;
}

/** Most examples that are computed together: beyond it the memory of the compute kernels is too small for any model. */
export const MAX_BATCH_SIZE = 65_536;

/** What a number of examples that are computed together must be. */
export const BATCH_SIZE: Rule<number> = integer(1, MAX_BATCH_SIZE);

const RULES: Rules<BatchOptions> = {
  batchSize: BATCH_SIZE,
  order: optional(instanceOf(Uint32Array, (order) => order.slice())),
  from: integer(0),
};

/**
 * Gives the batches of one pass over a dataset.
 *
 * @throws {TypeError} at the call, if an option is not known or has a wrong type
 * @throws {RangeError} at the call, if a value is out of its range
 */
export function batches(dataset: Dataset, options: BatchOptions): Generator<Batch, void> {
  checkDataset("make batches", dataset);
  const { inputLength, outputLength } = dataset;
  const allRows = batchRows(dataset.count, options);
  return (function* (): Generator<Batch, void> {
    for (const rows of allRows) {
      const sources = new Int32Array(rows.length * inputLength);
      const targets = new Int32Array(rows.length * outputLength);
      rows.forEach((row, i) => {
        copyRow(dataset.sources, row, sources, i, inputLength);
        copyRow(dataset.targets, row, targets, i, outputLength);
      });
      yield { size: rows.length, sources, targets };
    }
  })();
}

/**
 * Gives the positions of each batch's examples, of one pass over `count` examples.
 *
 * @throws {TypeError | RangeError} as {@linkcode batches}
 */
export function batchRows(count: number, options: BatchOptions): Generator<Uint32Array, void> {
  const resolved = resolveOptions(options, {
    action: "make batches",
    rules: RULES,
    defaults: { from: 0 },
  });
  const { order } = resolved;
  if (order !== undefined) checkOrder(order, count);
  return takeRows(count, resolved);
}

function checkOrder(order: Uint32Array, count: number): void {
  const wrong = order.find((position) => position >= count);
  if (wrong === undefined) return;
  throw new RangeError(
    `Cannot make batches: the order must have positions from 0 to ${count - 1}, but has ${wrong}`,
  );
}

function* takeRows(
  count: number,
  { batchSize, order, from }: BatchOptions & { readonly from: number },
): Generator<Uint32Array, void> {
  const end = order?.length ?? count;
  for (let start = from * batchSize; start < end; start += batchSize) {
    const size = Math.min(batchSize, end - start);
    yield order?.subarray(start, start + size) ??
      Uint32Array.from({ length: size }, (_, i) => start + i);
  }
}

/** Counts the batches of one pass. */
export function countBatches(dataset: Dataset, batchSize: number): number {
  return Math.ceil(dataset.count / batchSize);
}
