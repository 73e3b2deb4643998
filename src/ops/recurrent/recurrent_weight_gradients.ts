/** The weight gradients of a recurrent layer, from dz of all time steps. @module */
import type { KernelCall } from "../kernels.ts";
import { type Addresses, laneBytes, panelRows } from "../layout.ts";
import { edgeBytes, multiplyPanels, sumPanelRows } from "../weight_gradients.ts";
import type { KeptBuffer } from "./recurrent_buffers.ts";
import { firstStepRows, sharesFirstStep } from "./recurrent_first_step.ts";
import type { RecurrentShape } from "./recurrent_shape.ts";

/** Buffers that only the backward pass uses. */
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
export interface Gradients {
  readonly dKernel: number;
  readonly dRecurrentKernel: number;
  readonly dBias: number;
}

/** The recurrent kernel's gradient. */
export function recurrentKernelGradient(
  shape: RecurrentShape,
  at: Addresses<ScratchBuffer | KeptBuffer>,
  gradients: Gradients,
): KernelCall[] {
  return columnParts(shape, at).map((part) => recurrentKernelCall(shape, part, at, gradients));
}

/** The gradients of the kernel and the bias. `first`: the address for the sums of the second time step, if the first is shared. */
export function inputKernelGradient(
  shape: RecurrentShape,
  at: Addresses<ScratchBuffer | KeptBuffer>,
  options: { gradients: Gradients; first: Addresses<"gates"> },
): KernelCall[] {
  const { gradients, first } = options;
  return columnParts(shape, at).flatMap((part) =>
    shape.kind === "indices"
      ? scatterCall(shape, part, at, { gradients, first: first.gates })
      : inputKernelCalls(shape, part, at, gradients)
  );
}

/** Adds the shared first time step to the gradients of the kernel and the bias. */
export function addFirstStepGradient(
  shape: RecurrentShape,
  first: Addresses<"dzPanels" | "dzCandidatePanels">,
  gradients: Gradients,
): KernelCall[] {
  const { split, width, inputSize } = shape;
  const { dKernel, dBias } = gradients;
  const part = (panels: number, column: number, columns: number): KernelCall => ({
    kernel: "addFirstRows",
    args: [
      ...[0, 0, 0, 0, 0, panels, 32 * panelRows(firstStepRows(shape)), columns, inputSize],
      ...[dKernel + 4 * column, 4 * width, 0, dBias + 4 * column, 0, 0],
    ],
    tasks: Math.ceil(columns / 8),
  });
  return [
    part(first.dzPanels, 0, split),
    part(first.dzCandidatePanels, split, width - split),
  ];
}

/** Divides the gradients: for GRU into the columns of the two gates and those of the candidate, else into one part. */
function columnParts(
  { width, split }: RecurrentShape,
  at: Addresses<ScratchBuffer | KeptBuffer>,
): Columns[] {
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
  return split < width ? [gates, candidate] : [gates];
}

/** Some columns of dz. */
interface Columns {
  readonly column: number;
  readonly columns: number;
  /** dz of all time steps. */
  readonly panels: number;
  /** Sum of dz over time, for a repeated input. */
  readonly sums: number;
  /** Factor of the recurrent kernel, from the time step before. */
  readonly before: number;
  readonly part: number;
}

/**
 * dU = sum over t >= 1 of h_{t-1}ᵀ dz_t: one product over all time steps. For one time step it is a product over no rows: zero.
 * If the first time step is shared, the rows of t = 1 are those of the characters, except for GRU's candidate, because r h differs per
 * example.
 */
function recurrentKernelCall(
  shape: RecurrentShape,
  { column, columns, panels: a, before, part }: Columns,
  at: Addresses<ScratchBuffer>,
  { dRecurrentKernel }: Gradients,
): KernelCall {
  const { panels, steps, hidden, width } = shape;
  const rows = 8 * panels;
  const skipped = part === 0 && sharesFirstStep(shape) ? rows - firstStepRows(shape) : 0;
  return multiplyPanels({
    a,
    panelRows: rows * steps,
    aFrom: rows + skipped,
    columns,
    b: before + 16 * skipped,
    rows: hidden,
    depth: rows * (steps - 1) - skipped,
    out: dRecurrentKernel + 4 * column,
    outStrideBytes: 4 * width,
    edges: at.edges + part * edgeBytes(width),
  });
}

/** dW and db of one-hot inputs, for all time steps that are not shared. */
function scatterCall(
  shape: RecurrentShape,
  { column, columns, panels: dz, part }: Columns,
  at: Addresses<ScratchBuffer | KeptBuffer>,
  options: { gradients: Gradients; first: number },
): KernelCall {
  const { batch, steps, panels, inputSize, width, split } = shape;
  const { dKernel, dBias } = options.gradients;
  const rows = 8 * panels;
  const shared = sharesFirstStep(shape);
  const rowSums = at.rowSums + part * 32 * inputSize * Math.ceil(split / 8);
  const first = shared && part === 0 ? options.first + laneBytes(width) : 0; // its second time step
  return {
    kernel: "scatterRows",
    args: [
      ...[at.indices, batch, steps, Number(shared), rows, dz, 32 * panelRows(rows * steps)],
      ...[columns, inputSize, dKernel + 4 * column, 4 * width, rowSums, dBias + 4 * column],
      ...[first, 2 * laneBytes(width)],
    ],
    tasks: Math.ceil(columns / 8),
  };
}

function inputKernelCalls(
  { steps, panels, inputSize, width, kind }: RecurrentShape,
  { column, columns, panels: dz, sums, part }: Columns,
  at: Addresses<ScratchBuffer | KeptBuffer>,
  { dKernel, dBias }: Gradients,
): KernelCall[] {
  const rows = 8 * panels;
  const bias = dBias + 4 * column;
  const out = dKernel + 4 * column;
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
