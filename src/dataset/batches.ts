/** Batches of a dataset, in order or shuffled. @module */
import { resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { instanceOf, integer, optional, type Rule } from "../arguments/rule.ts";
import { checkDataset, type Dataset } from "./dataset.ts";
import { copyRow } from "./row_list.ts";

/** Some examples in the form that a model reads: indices, batch-major. */
export interface Batch {
  /** Number of examples, B. */
  readonly size: number;
  /** Indices of the sources, int32 (B, T_in). */
  readonly sources: Int32Array;
  /** Indices of the targets, int32 (B, T_out). */
  readonly targets: Int32Array;
}

/** The batches to give. */
export interface BatchOptions {
  /** Number of examples of a batch, 1 to 65,536. The last batch may have fewer. */
  readonly batchSize: number;
  /** The positions to take, in their order; a position may occur several times. Default: every position once, from 0. */
  readonly order?: Uint32Array;
  /** Number of the first batch, from 0. Default 0. */
  readonly from?: number;
}

/** Most examples that are computed together: for more, the memory of the compute kernels is too small for any model. */
export const MAX_BATCH_SIZE = 65_536;

/** The rule for a batch size. */
export const BATCH_SIZE: Rule<number> = integer(1, MAX_BATCH_SIZE);

const RULES: Rules<BatchOptions> = {
  batchSize: BATCH_SIZE,
  order: optional(instanceOf(Uint32Array, (order) => order.slice())),
  from: integer(0),
};

/**
 * Gives the batches of one pass over a dataset, one by one as they are taken.
 *
 * @throws {TypeError} at the call, if the dataset is not valid, or an option is unknown or has a wrong type
 * @throws {RangeError} at the call, if a value is out of its range, or `order` has a position that does not exist
 */
export function batches(dataset: Dataset, options: BatchOptions): Generator<Batch, void> {
  checkDataset("make batches", dataset);
  const { source: { length: inputLength }, target: { length: outputLength } } = dataset;
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
 * Gives the positions of the examples of each batch, for one pass over `count` examples.
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
