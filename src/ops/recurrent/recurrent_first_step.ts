/** The first time step of one-hot inputs, computed once for every character instead of every example: see first_step.as. @module */
import { integersAt, type KernelCall } from "../kernels.ts";
import {
  type Addresses,
  laneBytes,
  type Layout,
  layOut,
  panelBytes,
  panelRows,
} from "../layout.ts";
import { type RecurrentBuffers, recurrentCall } from "./recurrent_buffers.ts";
import type { RecurrentShape } from "./recurrent_shape.ts";

/** Features per task of `sumByFirstCharacter`: `FEATURES` of first_step.as. */
const SUM_FEATURES = 32;

/** Buffers of the first time step of all characters: those that the kernel keeps, and the tables in which examples look up rows. */
export type FirstStepBuffer =
  | "indices"
  | "gates"
  | "cells"
  | "squashed"
  | "states"
  | "firstProducts"
  | "firstStates";

/** Buffers of its backward pass. */
export type FirstStepScratch = "dzPanels" | "dzCandidatePanels" | "dStates" | "dCells";

/** Says whether a layer computes its first time step once for every character: if that is at most half the work, and its states are not wanted. */
export function sharesFirstStep(
  { kind, wanted, steps, panels, inputSize }: RecurrentShape,
): boolean {
  return kind === "indices" && wanted === "last" && steps > 1 &&
    2 * Math.ceil(inputSize / 8) <= panels;
}

/** Rows of all characters in the panels for the weight gradients. */
export function firstStepRows({ inputSize }: RecurrentShape): number {
  return 8 * Math.ceil(inputSize / 8);
}

/** The shape for a batch of all characters; only the first of its two time steps is run. */
function firstStepShape(shape: RecurrentShape): RecurrentShape {
  return { ...shape, batch: shape.inputSize, steps: 2, panels: firstStepRows(shape) / 8 };
}

/** Places the buffers; they are empty if the first time step is not shared. */
export function firstStepLayout(shape: RecurrentShape, keep: boolean): Layout<FirstStepBuffer> {
  const { batch, steps, panels, hidden, width, cell } = firstStepShape(shape);
  const shared = sharesFirstStep(shape);
  const times = panels * (keep ? steps : 1);
  const cells = cell.name === "simple" ? 0 : times * laneBytes(hidden);
  const sizes = {
    indices: 4 * batch * steps,
    gates: times * laneBytes(width),
    cells,
    squashed: cells,
    states: panels * laneBytes(hidden),
    firstProducts: 4 * batch * width,
    firstStates: 4 * batch * hidden,
  };
  return layOut(shared ? sizes : zeros(sizes));
}

/** Places the buffers of the backward pass. */
export function firstStepScratch(shape: RecurrentShape): Layout<FirstStepScratch> {
  const { panels, hidden, width, split } = firstStepShape(shape);
  const sizes = {
    dzPanels: panelBytes(8 * panels, split, 8),
    dzCandidatePanels: panelBytes(8 * panels, width - split, 8),
    dStates: panels * laneBytes(hidden),
    dCells: panels * laneBytes(hidden),
  };
  return layOut(sharesFirstStep(shape) ? sizes : zeros(sizes));
}

function zeros<Name extends string>(sizes: Record<Name, number>): Record<Name, number> {
  return Object.fromEntries(Object.keys(sizes).map((name) => [name, 0])) as Record<Name, number>;
}

/** Runs the first time step of all characters, and the product h U of the second. */
export function firstStepForward(
  shape: RecurrentShape,
  at: RecurrentBuffers & Addresses<"statePanels">,
  options: { first: Addresses<FirstStepBuffer>; keep: boolean },
): KernelCall {
  const { first, keep } = options;
  const rows = 8 * shape.panels;
  const characters = integersAt(first.indices, 2 * shape.inputSize);
  for (let i = 0; i < shape.inputSize; i++) characters.set([i, 0], 2 * i);
  return recurrentCall(firstStepShape(shape), {
    ...at,
    ...first,
    x: first.indices,
    statePanels: at.statePanels + 16 * (rows - firstStepRows(shape)),
  }, { pass: "Forward", keep, group: 1, end: 1, rows: panelRows(rows * shape.steps) });
}

/** Sums, by first character, the gradients that the second time step carries back past its gates. */
export function sumCarried(
  { cell, batch, steps, hidden, inputSize }: RecurrentShape,
  at: Addresses<"indices" | "states" | "dCells">,
  first: Addresses<"states" | "dCells">,
): KernelCall[] {
  if (cell.name === "simple") return [];
  const carried = cell.name === "lstm" ? "dCells" : "states";
  return [{
    kernel: "sumByFirstCharacter",
    args: [at.indices, batch, steps, hidden, at[carried], first[carried], inputSize],
    tasks: Math.ceil(hidden / SUM_FEATURES),
  }];
}

/** Runs the first time step of all characters backward. */
export function firstStepBackward(
  shape: RecurrentShape,
  at: RecurrentBuffers,
  first: Addresses<FirstStepBuffer | FirstStepScratch>,
): KernelCall {
  return recurrentCall(firstStepShape(shape), { ...at, ...first }, {
    pass: "Backward",
    keep: true,
    group: 1,
    end: 1,
    rows: panelRows(firstStepRows(shape)),
  });
}
