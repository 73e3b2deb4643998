/**
 * Sorts the rows of every batch by their lengths. Networks with attention do no work for padding: a device that computes several
 * rows together does less for padding if they are equally long.
 *
 * @module
 */
import type { TextCodec } from "../codec/text_codec.ts";
import type { Sliced } from "../time/slices.ts";
import type { Dataset } from "./dataset.ts";

/** Number of indices that are read, or of rows that are sorted, in a few milliseconds. */
const INDICES_A_SLICE = 2 ** 20;
const ROWS_A_SLICE = 16_384;

/**
 * Measures the rows of a dataset: a number for each, which is larger if the source has more symbols, and of equally long sources if
 * the target has more. Padding is no symbol.
 *
 * @returns uint32 (N)
 */
export function* measureRows({ count, source, target, sources, targets }: Dataset): Sliced<
  Uint32Array
> {
  const measures = new Uint32Array(count);
  const [sourcePadding, targetPadding] = [paddingOf(source), paddingOf(target)];
  const [T_in, T_out] = [source.length, target.length];
  const rowsAtOnce = Math.ceil(INDICES_A_SLICE / (T_in + T_out));
  for (let row = 0; row < count; row++) {
    const symbols = countSymbols(sources, row * T_in, (row + 1) * T_in, sourcePadding);
    measures[row] = symbols * (T_out + 1) +
      countSymbols(targets, row * T_out, (row + 1) * T_out, targetPadding);
    if ((row + 1) % rowsAtOnce === 0) yield row;
  }
  return measures;
}

/**
 * Sorts the rows of every batch by their measures, in place: the largest first, and equal ones as they were. Every batch keeps its
 * rows.
 *
 * @param order the rows of an epoch; the next `batchSize` of them are a batch
 * @param measures that of every row: see {@linkcode measureRows}
 */
export function* sortBatches(
  order: Uint32Array,
  { batchSize, measures }: { readonly batchSize: number; readonly measures: Uint32Array },
): Sliced<void> {
  const keys = new Float64Array(Math.min(batchSize, order.length));
  for (let start = 0, sorted = 0; start < order.length; start += batchSize) {
    const batch = order.subarray(start, start + batchSize);
    const rows = batch.slice();
    const places = keys.subarray(0, batch.length);
    rows.forEach((row, at) => places[at] = at - measures[row]! * batchSize); // exact: below 2^53
    places.sort();
    places.forEach((key, to) => batch[to] = rows[modulo(key, batchSize)]!);
    sorted += batch.length;
    if (sorted < ROWS_A_SLICE) continue;
    yield start;
    sorted = 0;
  }
}

/** Gives the place of a key: the remainder that is not negative. */
function modulo(key: number, batchSize: number): number {
  const remainder = key % batchSize;
  return remainder < 0 ? remainder + batchSize : remainder;
}

function paddingOf({ layout: { symbols, padding } }: TextCodec): number {
  return padding === null ? -1 : symbols.indexOf(padding);
}

function countSymbols(indices: Uint8Array, start: number, end: number, padding: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (indices[at] !== padding) count++;
  return count;
}
