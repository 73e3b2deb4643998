/** What the structs of the compute kernels are made of. @module */

/** The type of a field. Each takes 32 bits; `usize` is an address, an offset or a number of bytes. */
export type FieldType = "i32" | "usize" | "f32";

/** The fields with which the arguments of every pass over examples begin. */
export const PASS_FIELDS = {
  /** Number of examples, and panels of 8 examples that one task takes. */
  examples: "i32",
  group: "i32",
  /** 1: goes back too, and keeps what that needs; 0: only forward. */
  train: "i32",
  /** Sources, uint8 (N, T_in), and targets, uint8 (N, T_out) or 0: none are given. */
  sources: "usize",
  targets: "usize",
  /** Rows of the examples, uint32; 0: the rows lie one after the other. */
  order: "usize",
  /** The first example's place in the order, or its row. */
  first: "i32",
  inputLength: "i32",
} as const satisfies Readonly<Record<string, FieldType>>;
