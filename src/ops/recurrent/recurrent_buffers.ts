/** The buffers of a recurrent layer's kernels, and the kernels' arguments. @module */
import { threadCount } from "../../backend/threads.ts";
import type { KernelCall } from "../kernels.ts";
import {
  type Addresses,
  laneBytes,
  type Layout,
  layOut,
  packedBytes,
  panelBytes,
  panelRows,
} from "../layout.ts";
import type { RecurrentShape } from "./recurrent_shape.ts";

/** Buffers that the backward pass reads. */
export type KeptBuffer =
  | "gates"
  | "cells"
  | "squashed"
  | "states"
  | "projected"
  | "inputs"
  | "statePanels"
  | "resetPanels"
  | "transposedKernel"
  | "transposedRecurrent"
  | "transposedCandidate"
  | "inputPanels"
  | "indices";

/** Weights in the form in which the forward pass multiplies with them. */
export type PackedBuffer = "packedKernel" | "packedRecurrent" | "packedCandidate";

/** Addresses of all buffers that the kernel's struct names; 0 if a pass does not need one. */
export type RecurrentBuffers = Partial<
  Addresses<
    | KeptBuffer
    | PackedBuffer
    | "x"
    | "kernel"
    | "bias"
    | "y"
    | "dy"
    | "dx"
    | "dzPanels"
    | "dzCandidatePanels"
    | "dzSumPanels"
    | "dzSumCandidatePanels"
    | "dStates"
    | "dCells"
    | "firstProducts"
    | "firstStates"
  >
>;

/** Places the kept buffers. If no gradient will be computed, they hold one time step each. */
export function keptLayout(shape: RecurrentShape, keep: boolean): Layout<KeptBuffer> {
  const { panels, batch, steps, hidden, width, split, inputSize, cell, kind } = shape;
  const times = panels * (keep ? steps : 1);
  const cells = cell.name === "simple" ? 0 : times * laneBytes(hidden);
  const whenKept = (sizeBytes: number): number => keep ? sizeBytes : 0;
  const indices = kind === "indices";
  const inputRows = 8 * panels * (kind === "repeated" ? 1 : steps);
  const stateBytes = whenKept(panelBytes(8 * panels * steps, hidden, 4));
  return layOut({
    gates: times * laneBytes(width),
    cells,
    squashed: cells,
    states: panels * laneBytes(hidden),
    projected: kind === "repeated" ? panels * laneBytes(width) : 0,
    inputs: indices ? 0 : panels * laneBytes(inputSize),
    statePanels: stateBytes,
    resetPanels: cell.name === "gru" ? stateBytes : 0,
    transposedKernel: whenKept(indices ? 0 : packedBytes(width, inputSize)),
    transposedRecurrent: whenKept(packedBytes(split, hidden)),
    transposedCandidate: whenKept(packedBytes(width - split, hidden)),
    inputPanels: whenKept(indices ? 0 : panelBytes(inputRows, inputSize, 4)),
    indices: whenKept(indices ? 4 * batch * steps : 0),
  });
}

/** Approximate multiply-adds of the part of a pass that threads share by panels. */
export function workOf({ panels, batch, steps, hidden, width }: RecurrentShape): number {
  return panels === 1 ? 0 : batch * steps * hidden * width;
}

/** Weights of more bytes than this do not stay in the second-level cache, so several panels share each read of them. */
const CACHED_WEIGHT_BYTES = 1 << 20;

/** Panels per task: few, so that no thread waits long for another. Results do not depend on it. */
export function panelsPerTask({ panels, hidden, width }: RecurrentShape): number {
  if (4 * hidden * width <= CACHED_WEIGHT_BYTES) return 1;
  return Math.max(1, Math.min(8, Math.floor(panels / (2 * threadCount()))));
}

/** Options for a call of a cell's kernel. */
interface CallOptions {
  readonly pass: "Forward" | "Backward";
  readonly keep: boolean;
  readonly group: number;
  /** Time steps from `begin` to before `end`. Default: all. */
  readonly begin?: number;
  readonly end?: number;
  /** Rows that each panel for weight gradients has room for. Default: those of all time steps. */
  readonly rows?: number;
}

/** Makes the call of a cell's kernel; the arguments are the fields of `RecurrentArgs` in arguments.as. */
export function recurrentCall(
  shape: RecurrentShape,
  at: RecurrentBuffers,
  options: CallOptions,
): KernelCall {
  const { batch, steps, inputSize, hidden, width, kind, wanted, panels } = shape;
  const { pass, keep, group, begin = 0, end = steps } = options;
  const rows = options.rows ?? panelRows(8 * panels * steps);
  return {
    kernel: `${shape.cell.name}${pass}`,
    args: [
      ...[batch, steps, inputSize, hidden, width],
      ...[["indices", "repeated", "sequence"].indexOf(kind), Number(keep)],
      ...[Number(wanted === "last"), group, begin, end, rows],
      ...[at.x, at.kernel, at.bias, at.packedKernel, at.packedRecurrent, at.packedCandidate],
      ...[at.y, at.gates, at.cells, at.squashed, at.states, at.projected, at.inputs],
      ...[at.statePanels, at.resetPanels, at.dy],
      ...[at.transposedKernel, at.transposedRecurrent, at.transposedCandidate],
      ...[at.dzPanels, at.dzCandidatePanels, at.dzSumPanels, at.dzSumCandidatePanels],
      ...[at.dStates, at.dCells, at.dx, at.firstProducts, at.firstStates],
    ].map((value) => value ?? 0),
    tasks: Math.ceil(panels / group),
  };
}
