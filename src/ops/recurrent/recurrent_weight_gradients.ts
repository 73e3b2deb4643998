/** The weight gradients of a recurrent layer, from dz of all time steps. @module */
import type { KernelCall } from "../kernels.ts";
import { type Addresses, panelRows } from "../layout.ts";
import { edgeBytes, multiplyPanels, sumPanelRows } from "../weight_gradients.ts";
import type { KeptBuffer } from "./recurrent_buffers.ts";
import type { RecurrentShape } from "./recurrent_shape.ts";

/** Buffers of the backward pass alone. */
export type ScratchBuffer =
  | "dzPanels"
  | "dzCandidatePanels"
  | "dzSumPanels"
  | "dzSumCandidatePanels"
  | "dStates"
  | "dCells"
  | "rowSums"
  | "edges";

/** Addresses of the results. */
interface Gradients {
  readonly dKernel: number;
  readonly dRecurrentKernel: number;
  readonly dBias: number;
}

/** The weight gradients: of GRU in two parts, the columns of its two gates and those of its candidate. */
export function weightGradientCalls(
  shape: RecurrentShape,
  at: Addresses<ScratchBuffer | KeptBuffer>,
  gradients: Gradients,
): KernelCall[] {
  const { width, split } = shape;
  const gates = {
    column: 0,
    columns: split,
    panels: at.dzPanels,
    sums: at.dzSumPanels,
    before: at.statePanels,
    part: 0,
  };
  const candidate = {
    column: split,
    columns: width - split,
    panels: at.dzCandidatePanels,
    sums: at.dzSumCandidatePanels,
    before: at.resetPanels,
    part: 1,
  };
  const parts = split < width ? [gates, candidate] : [gates];
  return parts.flatMap((part) => [
    recurrentKernelCall(shape, part, at, gradients),
    ...inputKernelCalls(shape, part, at, gradients),
  ]);
}

/** Some columns of dz. */
interface Columns {
  readonly column: number;
  readonly columns: number;
  /** dz of all time steps. */
  readonly panels: number;
  /** Its sum over time, of a repeated input. */
  readonly sums: number;
  /** What the recurrent kernel was multiplied with, a time step before. */
  readonly before: number;
  readonly part: number;
}

/** dU = sum over t >= 1 of h_{t-1}ᵀ dz_t: one product over all time steps. Of one time step it is a product of no rows: zero. */
function recurrentKernelCall(
  { panels, steps, hidden, width }: RecurrentShape,
  { column, columns, panels: a, before, part }: Columns,
  at: Addresses<ScratchBuffer>,
  { dRecurrentKernel }: Gradients,
): KernelCall {
  const rows = 8 * panels;
  return multiplyPanels({
    a,
    panelRows: rows * steps,
    aFrom: rows,
    columns,
    b: before,
    rows: hidden,
    depth: rows * (steps - 1),
    out: dRecurrentKernel + 4 * column,
    outStrideBytes: 4 * width,
    edges: at.edges + part * edgeBytes(width),
  });
}

function inputKernelCalls(
  { batch, steps, panels, inputSize, width, split, kind }: RecurrentShape,
  { column, columns, panels: dz, sums, part }: Columns,
  at: Addresses<ScratchBuffer | KeptBuffer>,
  { dKernel, dBias }: Gradients,
): KernelCall[] {
  const rows = 8 * panels;
  const bias = dBias + 4 * column;
  const out = dKernel + 4 * column;
  if (kind === "indices") {
    const rowSums = at.rowSums + part * 32 * inputSize * Math.ceil(split / 8);
    return [{
      kernel: "scatterRows",
      args: [
        ...[at.indices, batch, steps, rows, dz, 32 * panelRows(rows * steps), columns, inputSize],
        ...[out, 4 * width, rowSums, bias],
      ],
      tasks: Math.ceil(columns / 8),
    }];
  }
  const depth = kind === "repeated" ? rows : rows * steps;
  const a = kind === "repeated" ? sums : dz;
  return [
    multiplyPanels({
      a,
      panelRows: depth,
      aFrom: 0,
      columns,
      b: at.inputPanels,
      rows: inputSize,
      depth,
      out,
      outStrideBytes: 4 * width,
      edges: at.edges + (2 + part) * edgeBytes(width),
    }),
    sumPanelRows(a, depth, columns, bias),
  ];
}
