/** The sizes of a step that shaders of every network read: they are compiled once a device. @module */
import { defineStruct, type Struct } from "./struct.ts";

/** What the second and the third phase know of a step. */
export const STEP_SIZES: Struct<
  | "quads"
  | "biases_at"
  | "cuts"
  | "tiles"
  | "norms"
  | "rows_a_group"
  | "output_length"
  | "matrices"
> = defineStruct("StepSizes", {
  quads: "u32", // quads of all parameters
  biases_at: "u32", // the first quad of the biases
  cuts: "u32", // parts of the gradient, one after another in its buffer; the sums of squares follow
  tiles: "u32", // tiles of a part
  norms: "u32", // number of the sums of squares
  rows_a_group: "u32", // rows of a workgroup of the first phase
  output_length: "u32", // T_out
  matrices: "u32", // number of matrices
});
