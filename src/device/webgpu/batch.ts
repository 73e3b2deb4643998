/** The rows of a step, as every shader finds them. @module */
import { dropThreshold } from "../../random/dropout.ts";
import type { Regularization } from "../executor.ts";
import { defineStruct, type Struct } from "./struct.ts";

/** The rows that a dispatch takes: a slice of the next batch of an order, or of a range of examples. */
export const BATCH: Struct<
  | "batch_size"
  | "total"
  | "first"
  | "slice_first"
  | "slice_rows"
  | "row_bytes"
  | "compares"
  | "is_gathered"
  | "counts_at"
  | keyof RegularizationFields
> = defineStruct("Batch", {
  batch_size: "u32", // rows of a batch
  total: "u32", // rows of the order; its last batch may have fewer
  first: "u32", // the first example of a range
  slice_first: "u32", // the first row of the slice in its batch
  slice_rows: "u32", // the most rows of the slice
  row_bytes: "u32", // bytes of an example
  compares: "u32", // 1: the targets of the examples are compared
  is_gathered: "u32", // 1: the examples lie in the order to take
  counts_at: "u32", // where the order says how many positions of targets count in each batch
  first_step: "u32", // the number of the order's first step
  seed: "u32", // of dropout
  drop_threshold: "u32", // see src/random/dropout.ts; 0: nothing is dropped
  keep_scale: "f32", // what is kept is multiplied by it
  smoothing: "f32", // of labels
});

/** What keeps a network from memorising, as the shaders read it. */
export type RegularizationFields = Readonly<
  Record<"first_step" | "seed" | "drop_threshold" | "keep_scale" | "smoothing", number>
>;

/** Nothing keeps a network from memorising. */
export const NO_REGULARIZATION: RegularizationFields = {
  ...{ first_step: 0, seed: 0, drop_threshold: 0, keep_scale: 1, smoothing: 0 },
};

/** Describes a regularisation to the shaders. @param firstStep the number of the order's first step */
export function describeRegularization(
  regularization: Regularization | undefined,
  firstStep: number,
): RegularizationFields {
  if (regularization === undefined) return { ...NO_REGULARIZATION, first_step: firstStep };
  const { dropout, seed, labelSmoothing } = regularization;
  return {
    ...{ first_step: firstStep, seed, smoothing: labelSmoothing },
    ...{ drop_threshold: dropThreshold(dropout), keep_scale: 1 / (1 - dropout) },
  };
}

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
