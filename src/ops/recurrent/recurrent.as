/**
 * What the recurrent layers share: the input's product, the output, the copies for the weight gradients.
 *
 * A task runs one group of panels (8 examples each) through all time steps, so that no thread waits for another within a sequence.
 * G is the number of gates; all gates lie in Keras' order. Lanes are (features rounded up to 4, 8).
 */
import { multiplyLanes } from "../matmul/tile_8x4";
import { gatherToLanes, lanesToPanels4, lanesToPanels8, lanesToRows, rowsToLanes } from "../matmul/transpose";

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
  /** Panels a task. */
  group: i32;
  /** indices int32 (B, T), or x float32 (B, I) or (B, T, I). */
  x: usize;
  /** (I, G·H), row-major. */
  kernel: usize;
  /** (G·H) */
  bias: usize;
  /** x W: (ceil(GH / 4), I, 4) */
  packedKernel: usize;
  /** h U: (ceil(GH / 4), H, 4); for GRU the two gates' columns only. */
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
  /** dy, as y. */
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
  /** GRU: the candidate's. */
  dzSumCandidatePanels: usize;
  /** dh of the time step at hand, lanes [panel]. */
  dStates: usize;
  /** LSTM: dc; GRU: d(r · h). Lanes [panel]. */
  dCells: usize;
  /** dx, as x; 0: not wanted. */
  dx: usize;
}

/** Bytes of the lanes of some features: whole groups of 4, and one group more, into which a product of fewer columns may run over. */
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

/** Bytes from one panel for weight gradients to the next: 4 rows more than it has, so that panels do not fall on the same cache lines. */
@inline
export function panelStride(args: RecurrentArgs, width: i32): usize {
  return <usize>(args.steps * (panelCount(args) << 3) + 4) * <usize>(width << 2);
}

/** Address of kept lanes of one panel and time step. */
@inline
export function keptLanes(args: RecurrentArgs, base: usize, features: i32, panel: i32, step: i32): usize {
  const index = args.keep ? panel * args.steps + step : panel;
  return base + <usize>index * laneBytes(features);
}

/** Bytes of kept lanes from panel to panel. */
@inline
export function keptStride(args: RecurrentArgs, features: i32): usize {
  return <usize>(args.keep ? args.steps : 1) * laneBytes(features);
}

/** Before the first time step: the product of a repeated input, taken once. */
export function projectRepeated(args: RecurrentArgs, from: i32, to: i32): void {
  if (args.input != REPEATED) return;
  const I = args.inputSize, width = args.width;
  for (let p = from; p < to; p++) {
    const x = args.inputs + <usize>p * laneBytes(I);
    rowsToLanes(args.x + <usize>(p << 3) * <usize>(I << 2), <usize>I << 2, args.batch - (p << 3), I, x);
    fillBias(args, args.projected + <usize>p * laneBytes(width));
  }
  multiplyLanes(
    args.inputs + <usize>from * laneBytes(I), laneBytes(I), args.packedKernel,
    args.projected + <usize>from * laneBytes(width), laneBytes(width), to - from, I, width,
  );
}

/** z = x W + b for one time step of some panels. */
export function projectStep(args: RecurrentArgs, from: i32, to: i32, step: i32): void {
  const I = args.inputSize, width = args.width;
  for (let p = from; p < to; p++) {
    const z = keptLanes(args, args.gates, width, p, step);
    if (args.input == INDICES) {
      lookUpRows(args, p, step, z);
    } else if (args.input == REPEATED) {
      memory.copy(z, args.projected + <usize>p * laneBytes(width), laneBytes(width));
    } else {
      const row = <usize>I << 2, stride = row * <usize>args.steps;
      const x = args.x + <usize>(p << 3) * stride + <usize>step * row;
      rowsToLanes(x, stride, args.batch - (p << 3), I, args.inputs + <usize>p * laneBytes(I));
      fillBias(args, z);
    }
  }
  if (args.input != SEQUENCE) return;
  multiplyLanes(
    args.inputs + <usize>from * laneBytes(I), laneBytes(I), args.packedKernel,
    keptLanes(args, args.gates, width, from, step), keptStride(args, width), to - from, I, width,
  );
}

function fillBias(args: RecurrentArgs, z: usize): void {
  for (let f = 0; f < args.width; f++) {
    const bias = v128.load32_splat(args.bias + (<usize>f << 2));
    v128.store(z + (<usize>f << 5), bias);
    v128.store(z + (<usize>f << 5), bias, 16);
  }
}

/** A one-hot row times a matrix is a row of the matrix. */
function lookUpRows(args: RecurrentArgs, panel: i32, step: i32, z: usize): void {
  const row = <usize>args.width << 2;
  for (let half = 0; half < 8; half += 4) {
    const first = (panel << 3) + half, left = args.batch - first;
    const r0 = left > 0 ? args.kernel + indexAt(args, first, step) * row : args.kernel;
    const r1 = left > 1 ? args.kernel + indexAt(args, first + 1, step) * row : args.kernel;
    const r2 = left > 2 ? args.kernel + indexAt(args, first + 2, step) * row : args.kernel;
    const r3 = left > 3 ? args.kernel + indexAt(args, first + 3, step) * row : args.kernel;
    gatherToLanes(r0, r1, r2, r3, left, args.width, z + (<usize>half << 2));
  }
  for (let f = 0; f < args.width; f++) {
    const at = z + (<usize>f << 5), bias = v128.load32_splat(args.bias + (<usize>f << 2));
    v128.store(at, f32x4.add(v128.load(at), bias));
    v128.store(at, f32x4.add(v128.load(at, 16), bias), 16);
  }
}

@inline
function indexAt(args: RecurrentArgs, example: i32, step: i32): usize {
  return <usize>i32.load(args.x + (<usize>(example * args.steps + step) << 2));
}

/** Writes the states of one time step where they are asked for, and for the weight gradient. */
export function emitStates(args: RecurrentArgs, panel: i32, step: i32, states: usize): void {
  const H = args.hidden, last = step == args.steps - 1;
  if (last || !args.lastOnly) {
    const steps = args.lastOnly ? 1 : args.steps;
    const row = <usize>H << 2, stride = row * <usize>steps;
    const y = args.y + <usize>(panel << 3) * stride + <usize>(args.lastOnly ? 0 : step) * row;
    lanesToRows(states, H, y, stride, args.batch - (panel << 3));
  }
  if (args.keep && !last) {
    lanesToPanels4(states, H, args.statePanels + (rowOf(args, panel, step) << 4), panelStride(args, 4));
  }
}

/** dh = dy of one time step. */
export function loadGradient(args: RecurrentArgs, panel: i32, step: i32): void {
  const H = args.hidden, dh = args.dStates + <usize>panel * laneBytes(H);
  if (args.lastOnly && step < args.steps - 1) {
    memory.fill(dh, 0, laneBytes(H));
    return;
  }
  const steps = args.lastOnly ? 1 : args.steps;
  const row = <usize>H << 2, stride = row * <usize>steps;
  const dy = args.dy + <usize>(panel << 3) * stride + <usize>(args.lastOnly ? 0 : step) * row;
  rowsToLanes(dy, stride, args.batch - (panel << 3), H, dh);
}

/** Stores dz of one time step for the weight gradients, and sums it for a repeated input. */
export function emitGates(args: RecurrentArgs, panel: i32, step: i32, split: i32): void {
  const width = args.width, dz = keptLanes(args, args.gates, width, panel, step);
  const row = rowOf(args, panel, step) << 5, stride = panelStride(args, 8);
  lanesToPanels8(dz, split, args.dzPanels + row, stride);
  if (split < width) {
    lanesToPanels8(dz + (<usize>split << 5), width - split, args.dzCandidatePanels + row, stride);
  }
  if (args.input != REPEATED) return;
  const sum = args.projected + <usize>panel * laneBytes(width);
  if (step == args.steps - 1) {
    memory.copy(sum, dz, laneBytes(width));
  } else {
    for (let at: usize = 0; at < <usize>width << 5; at += 16) {
      v128.store(sum + at, f32x4.add(v128.load(sum + at), v128.load(dz + at)));
    }
  }
  if (step > 0) return;
  const sumRow = <usize>panel << 8, sumStride = <usize>((panelCount(args) << 3) + 4) << 5;
  lanesToPanels8(sum, split, args.dzSumPanels + sumRow, sumStride);
  if (split < width) {
    lanesToPanels8(sum + (<usize>split << 5), width - split, args.dzSumCandidatePanels + sumRow, sumStride);
  }
}

/** dx = dz Wᵀ of one time step, or of the sum over time for a repeated input. */
export function emitInputGradient(args: RecurrentArgs, panel: i32, step: i32): void {
  if (args.dx == 0 || (args.input == REPEATED && step > 0)) return;
  const I = args.inputSize, width = args.width, repeated = args.input == REPEATED;
  const dz = repeated
    ? args.projected + <usize>panel * laneBytes(width)
    : keptLanes(args, args.gates, width, panel, step);
  const dx = args.inputs + <usize>panel * laneBytes(I);
  memory.fill(dx, 0, laneBytes(I));
  multiplyLanes(dz, 0, args.transposedKernel, dx, 0, 1, width, I);
  const row = <usize>I << 2, stride = repeated ? row : row * <usize>args.steps;
  const out = args.dx + <usize>(panel << 3) * stride + (repeated ? 0 : <usize>step * row);
  lanesToRows(dx, I, out, stride, args.batch - (panel << 3));
}
