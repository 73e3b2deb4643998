/**
 * The arguments of the kernels of recurrent layers, and the places of their buffers.
 *
 * A task runs a group of panels (8 examples each) through all time steps, so that no thread waits for another within a sequence.
 * G is the number of gates; all gates are in Keras' order. Lanes are (features rounded up to 4, 8).
 */
export const INDICES: i32 = 0;
export const REPEATED: i32 = 1;
export const SEQUENCE: i32 = 2;

@unmanaged
export class RecurrentArgs {
  batch: i32;
  steps: i32;
  inputSize: i32;
  hidden: i32;
  /** G · H. */
  width: i32;
  /** Kind of input: 0 indices, 1 repeated, 2 sequence. */
  input: i32;
  /** 1: every time step is kept for the backward pass; 0: each overwrites the one before. */
  keep: i32;
  /** 1: y and dy hold the last time step only. */
  lastOnly: i32;
  /** Panels per task. */
  group: i32;
  /** Time steps of this call, from `begin` to before `end`: all, or those that first_step.as describes. */
  begin: i32;
  end: i32;
  /** Rows of each panel for weight gradients; 4 more than are used, so that panels do not compete for the same cache lines. */
  panelRows: i32;
  /** indices int32 (B, T), or x float32 (B, I) or (B, T, I). */
  x: usize;
  /** (I, G·H), row-major. */
  kernel: usize;
  /** (G·H) */
  bias: usize;
  /** x W: (ceil(GH / 4), I, 4) */
  packedKernel: usize;
  /** h U: (ceil(GH / 4), H, 4); for GRU only the columns of the two gates. */
  packedRecurrent: usize;
  /** GRU: the candidate's columns of U, (ceil(H / 4), H, 4). */
  packedCandidate: usize;
  /** States, row-major (B, T, H) or (B, 1, H). */
  y: usize;
  /** Gates after their activations, lanes [panel][T or 1]; the backward pass overwrites them with dz. */
  gates: usize;
  /** LSTM: cell states; GRU: h. Lanes [panel][T or 1]. */
  cells: usize;
  /** LSTM: tanh of the cell states; GRU: r · h, then its gradient. Lanes [panel][T or 1]. */
  squashed: usize;
  /** Hidden state of the latest time step, lanes [panel]. */
  states: usize;
  /** x W + b of a repeated input, lanes [panel]; in the backward pass the sum of dz over time. */
  projected: usize;
  /** x of one time step, lanes [panel]; in the backward pass dx. */
  inputs: usize;
  /** Hidden states for the weight gradient: panels of 4, [T][padded B] rows. */
  statePanels: usize;
  /** GRU: r · h for the candidate's weight gradient, in the same form. */
  resetPanels: usize;
  /** dy, in the form of y. */
  dy: usize;
  /** dz Wᵀ: (ceil(I / 4), GH, 4) */
  transposedKernel: usize;
  /** dz Uᵀ: (ceil(H / 4), GH or 2H, 4) */
  transposedRecurrent: usize;
  /** GRU: (ceil(H / 4), H, 4) */
  transposedCandidate: usize;
  /** dz: panels of 8, [T][padded B] rows. */
  dzPanels: usize;
  /** GRU: the candidate's dz, in the same form. */
  dzCandidatePanels: usize;
  /** Sum of dz over time: panels of 8, [padded B] rows. */
  dzSumPanels: usize;
  /** GRU: the same sum for the candidate. */
  dzSumCandidatePanels: usize;
  /** dh of the current time step, lanes [panel]. */
  dStates: usize;
  /** LSTM: dc; GRU: d(r · h). Lanes [panel]. */
  dCells: usize;
  /** dx, in the form of x; 0: not wanted. */
  dx: usize;
  /** h U of the first time step, one row per character: (I, G·H); for GRU the candidate's columns are zeros. */
  firstProducts: usize;
  /** LSTM: c of the first time step; GRU: h. One row per character: (I, H). */
  firstStates: usize;
}

/** Bytes of the lanes of some features: whole groups of 4, and one more group, because a product with fewer columns may write past its end. */
@inline
export function laneBytes(features: i32): usize {
  return <usize>((features + 7) & ~3) << 5;
}

@inline
export function panelCount(args: RecurrentArgs): i32 {
  return (args.batch + 7) >> 3;
}

/** Rows of one panel's time step within the panels for weight gradients. */
@inline
export function rowOf(args: RecurrentArgs, panel: i32, step: i32): usize {
  return <usize>step * <usize>(panelCount(args) << 3) + <usize>(panel << 3);
}

/** Bytes from one panel for weight gradients to the next. */
@inline
export function panelStride(args: RecurrentArgs, width: i32): usize {
  return <usize>args.panelRows * <usize>(width << 2);
}

/** Address of the kept lanes of one panel and time step. */
@inline
export function keptLanes(args: RecurrentArgs, base: usize, features: i32, panel: i32, step: i32): usize {
  const index = args.keep ? panel * args.steps + step : panel;
  return base + <usize>index * laneBytes(features);
}

/** Bytes of kept lanes from panel to panel. */
@inline
export function keptStride(args: RecurrentArgs, features: i32): usize {
  return (args.keep ? <usize>args.steps : 1) * laneBytes(features);
}
