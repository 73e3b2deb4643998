/** The rows of a step, as every shader finds them. @module */
import { defineStruct, type Struct } from "./struct.ts";

/** The rows that a dispatch takes: a slice of the next batch of an order, or of a range of examples. */
export const BATCH: Struct<
  "batch_size" | "total" | "first" | "slice_first" | "slice_rows" | "row_bytes" | "compares"
> = defineStruct("Batch", {
  batch_size: "u32", // rows of a batch
  total: "u32", // rows of the order; its last batch may have fewer
  first: "u32", // the first example of a range
  slice_first: "u32", // the first row of the slice in its batch
  slice_rows: "u32", // the most rows of the slice
  row_bytes: "u32", // bytes of an example
  compares: "u32", // 1: the examples have targets
});

/**
 * The place in an order of the next step, which lies on the device: nothing of a step is uploaded.
 *
 * The second phase of a step sets `next`, the third copies it: no workgroup reads what another of the same dispatch writes.
 */
export const PROGRESS: Struct<"position" | "next"> = defineStruct("Progress", {
  position: "u32",
  next: "u32",
});

/** Gives the rows of a batch, and of the slice: `batch_rows_at`, `slice_rows_at`. */
export const BATCH_FUNCTIONS = `
${BATCH.wgsl}
${PROGRESS.wgsl}

fn batch_rows_at(position: u32) -> u32 {
  return min(p.batch_size, p.total - position * p.batch_size);
}

fn slice_rows_at(position: u32) -> u32 {
  let rows = batch_rows_at(position);
  return min(p.slice_rows, max(rows, p.slice_first) - p.slice_first);
}`;

/** Gives the number of rows that are kept of a slice: a multiple of the rows of a workgroup. */
export function padRows(rows: number, perWorkgroup: number): number {
  return perWorkgroup * Math.ceil(rows / perWorkgroup);
}
