/** A recurrent layer over all time steps of some panels, forward and backward. */
import { multiplyLanes } from "../matmul/tile_8x4";
import { lanesToPanels4, lanesToPanels8 } from "../matmul/transpose";
import { RecurrentArgs } from "../structs";
import { loadFirstStates } from "./first_step";
import { gruAddCarried, gruBackward, gruBackwardReset, gruForward, gruOpen } from "./gru";
import { dStatesAt, gatesAt, GRU, laneBytes, LSTM, NO_STEP, REPEATED, rowOf, SEQUENCE, statesAt } from "./layer";
import { lstmBackward, lstmForward } from "./lstm";
import { projectRepeated, projectStep } from "./project";
import { simpleBackward, simpleForward } from "./simple_rnn";

/**
 * Advances some panels through all time steps.
 *
 * @param work workspace of the first of the panels; the others follow, `stride` bytes apart
 * @param first number of the first panel in the batch
 */
export function recurrentForward(layer: RecurrentArgs, work: usize, stride: usize, first: i32, panels: i32): void {
  projectRepeated(layer, work, stride, panels);
  if (layer.begin > 0) {
    for (let p = 0; p < panels; p++) loadFirstStates(layer, work + <usize>p * stride);
  }
  for (let t = layer.begin; t < layer.steps; t++) {
    advanceStep(layer, work, stride, panels, t, stepBefore(t));
    if (!layer.keep) continue;
    for (let p = 0; p < panels; p++) emitStates(layer, work + <usize>p * stride, first + p, t);
  }
}

@inline
function stepBefore(step: i32): i32 {
  return step > 0 ? step - 1 : NO_STEP;
}

/** One time step of some panels. @param past the time step before, or NO_STEP */
export function advanceStep(layer: RecurrentArgs, work: usize, stride: usize, panels: i32, step: i32, past: i32): void {
  const H = layer.hidden, z = gatesAt(layer, work, step);
  projectStep(layer, work, stride, panels, step);
  if (past != NO_STEP && step != layer.begin) {
    multiplyLanes(statesAt(layer, work, past), stride, layer.packedRecurrent, z, stride, panels, H, layer.split, 1);
  }
  if (layer.cell == LSTM) {
    for (let p = 0; p < panels; p++) lstmForward(layer, work + <usize>p * stride, step, past);
  } else if (layer.cell == GRU) {
    for (let p = 0; p < panels; p++) gruOpen(layer, work + <usize>p * stride, step, past);
    if (past != NO_STEP) {
      const candidate = z + (<usize>layer.split << 5);
      multiplyLanes(work + layer.reset, stride, layer.packedCandidate, candidate, stride, panels, H, H, 1);
    }
    for (let p = 0; p < panels; p++) gruForward(layer, work + <usize>p * stride, step, past);
  } else {
    for (let p = 0; p < panels; p++) simpleForward(layer, work + <usize>p * stride, step);
  }
}

/** Writes the states of one time step for the weight gradients; for GRU also r h, beside the state before. */
export function emitStates(layer: RecurrentArgs, work: usize, panel: i32, step: i32): void {
  const to = layer.statePanels + (rowOf(layer, panel, step) << 4);
  lanesToPanels4(statesAt(layer, work, step), layer.hidden, to, layer.panelStride);
  if (layer.cell == GRU && step > 0) emitReset(layer, work, rowOf(layer, panel, step - 1));
}

/** GRU: writes r h of the present time step for the weight gradients. */
export function emitReset(layer: RecurrentArgs, work: usize, row: usize): void {
  lanesToPanels4(work + layer.reset, layer.hidden, layer.resetPanels + (row << 4), layer.panelStride);
}

/** Takes the gradient of the states of some panels back to dz of every time step and the gradient of the input. */
export function recurrentBackward(layer: RecurrentArgs, work: usize, stride: usize, first: i32, panels: i32): void {
  const width = layer.width, I = layer.inputSize;
  for (let t = layer.steps - 1; t >= layer.begin; t--) {
    reverseStep(layer, work, stride, panels, t);
    for (let p = 0; p < panels; p++) emitGates(layer, work + <usize>p * stride, first + p, t);
    if (layer.input != SEQUENCE) continue;
    const dx = work + layer.dInputs + <usize>t * layer.dInputStep;
    multiplyLanes(gatesAt(layer, work, t), stride, layer.transposedKernel, dx, stride, panels, width, I, 0);
  }
  if (layer.input == REPEATED) {
    multiplyLanes(
      work + layer.projected, stride, layer.transposedKernel, work + layer.dInputs, stride, panels, width, I, 0,
    );
  }
  if (layer.begin == 0 || layer.allCarried == 0) return;
  const bytes = laneBytes(layer.hidden);
  for (let p = 0; p < panels; p++) {
    memory.copy(layer.allCarried + <usize>(first + p) * bytes, work + <usize>p * stride + layer.carried, bytes);
  }
}

/** One time step of some panels back: dh becomes dz, in the place of the gates. */
export function reverseStep(layer: RecurrentArgs, work: usize, stride: usize, panels: i32, step: i32): void {
  const last = step == layer.steps - 1;
  if (!last) carryBack(layer, work, stride, panels, step + 1, step, layer.every);
  reverseCells(layer, work, stride, panels, step, stepBefore(step), last);
}

/**
 * dh of a time step: what the later one leaves through its gates, and past them.
 *
 * @param add 0: dh is overwritten; else it is added to dh
 */
export function carryBack(
  layer: RecurrentArgs, work: usize, stride: usize, panels: i32, later: i32, step: i32, add: i32,
): void {
  const dz = gatesAt(layer, work, later), dh = dStatesAt(layer, work, step);
  multiplyLanes(dz, stride, layer.transposedRecurrent, dh, stride, panels, layer.split, layer.hidden, add);
  if (layer.cell != GRU) return;
  for (let p = 0; p < panels; p++) gruAddCarried(layer, work + <usize>p * stride, step);
}

/** dz of one time step of some panels, from dh. @param last whether no later time step has left a dc */
export function reverseCells(
  layer: RecurrentArgs, work: usize, stride: usize, panels: i32, step: i32, past: i32, last: bool,
): void {
  const H = layer.hidden;
  if (layer.cell == LSTM) {
    for (let p = 0; p < panels; p++) lstmBackward(layer, work + <usize>p * stride, step, past, last);
  } else if (layer.cell == GRU) {
    for (let p = 0; p < panels; p++) gruBackward(layer, work + <usize>p * stride, step, past);
    if (past != NO_STEP) {
      const candidate = gatesAt(layer, work, step) + (<usize>layer.split << 5);
      multiplyLanes(candidate, stride, layer.transposedCandidate, work + layer.reset, stride, panels, H, H, 0);
    }
    for (let p = 0; p < panels; p++) gruBackwardReset(layer, work + <usize>p * stride, step, past);
  } else {
    for (let p = 0; p < panels; p++) simpleBackward(layer, work + <usize>p * stride, step);
  }
}

/** Writes dz of one time step for the weight gradients, and sums it for a repeated input. */
function emitGates(layer: RecurrentArgs, work: usize, panel: i32, step: i32): void {
  const dz = gatesAt(layer, work, step), row = rowOf(layer, panel, step) << 5;
  writeGates(layer, dz, layer.dzPanels + row, layer.dzCandidatePanels + row, layer.panelStride << 1);
  if (layer.input != REPEATED) return;
  const sum = work + layer.projected;
  if (step == layer.steps - 1) {
    memory.copy(sum, dz, laneBytes(layer.width));
  } else {
    for (let at: usize = 0; at < <usize>layer.width << 5; at += 16) {
      v128.store(sum + at, f32x4.add(v128.load(sum + at), v128.load(dz + at)));
    }
  }
  if (step > 0) return;
  const sumRow = <usize>panel << 8;
  writeGates(layer, sum, layer.dzSumPanels + sumRow, layer.dzSumCandidatePanels + sumRow, layer.dzSumStride);
}

/** Writes the lanes of all gates as panels; for GRU the candidate's columns apart. */
export function writeGates(layer: RecurrentArgs, from: usize, to: usize, toCandidate: usize, stride: usize): void {
  const split = layer.split, width = layer.width;
  lanesToPanels8(from, split, to, stride);
  if (split < width) lanesToPanels8(from + (<usize>split << 5), width - split, toCandidate, stride);
}
