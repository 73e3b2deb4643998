/** The sizes of one call of a recurrent layer. @module */
import type { RecurrentInput, RecurrentWeights, StatesWanted } from "./recurrent_input.ts";

/** A recurrent cell and its compute kernels. */
export interface RecurrentCell {
  readonly name: "lstm" | "gru" | "simple";
  /** Number of gates, G. */
  readonly gates: number;
}

/** The sizes of one call. */
export interface RecurrentShape {
  readonly cell: RecurrentCell;
  readonly kind: RecurrentInput["kind"];
  readonly wanted: StatesWanted;
  /** B */
  readonly batch: number;
  /** T */
  readonly steps: number;
  /** I */
  readonly inputSize: number;
  /** H */
  readonly hidden: number;
  /** G · H */
  readonly width: number;
  /** Columns of the recurrent kernel that are multiplied with h: 2H for GRU, else all. */
  readonly split: number;
  /** Panels of 8 examples. */
  readonly panels: number;
}

/** The dimensions of a tensor. */
interface Shaped<Dimensions> {
  readonly shape: Readonly<Dimensions>;
}
type Matrix = Shaped<[number, number]>;

/** Reads the sizes from an input and its weights. */
export function recurrentShape(
  cell: RecurrentCell,
  input: RecurrentInput<Matrix, Shaped<[number, number, number]>>,
  weights: RecurrentWeights<Matrix, unknown>,
  wanted: StatesWanted,
): RecurrentShape {
  const [inputSize, width] = weights.kernel.shape;
  const hidden = weights.recurrentKernel.shape[0];
  const [batch, steps] = input.kind === "repeated"
    ? [input.vector.shape[0], input.timeSteps]
    : input.kind === "indices"
    ? input.indices.shape
    : [input.sequence.shape[0], input.sequence.shape[1]];
  const split = cell.name === "gru" ? 2 * hidden : width;
  const panels = Math.ceil(batch / 8);
  return { cell, kind: input.kind, wanted, batch, steps, inputSize, hidden, width, split, panels };
}

/** Gives the tensor of an input of any form. */
export function inputTensor<Tensor>(input: RecurrentInput<Tensor, Tensor>): Tensor {
  switch (input.kind) {
    case "indices":
      return input.indices;
    case "repeated":
      return input.vector;
    case "sequence":
      return input.sequence;
  }
}

/** Gives the place of the states of a time step in the output of a layer, (B, rows, H): the number of examples, and the row. */
export function placeOfStep(
  { batch, steps, wanted }: RecurrentShape,
  time: number,
): { yBatch: number; yRows: number; yRow: number } {
  if (wanted === "every") return { yBatch: batch, yRows: steps, yRow: time };
  return { yBatch: time === steps - 1 ? batch : 0, yRows: 1, yRow: 0 };
}
