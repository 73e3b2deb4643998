/** A recurrent layer over all time steps of some panels, forward and backward. */
import { multiplyLanes } from "../matmul/tile_8x4";
import { lanesToPanels4, lanesToPanels8 } from "../matmul/transpose";
import { RecurrentArgs } from "../structs";
import { loadFirstStates } from "./first_step";
import { gruAddCarried, gruBackward, gruBackwardReset, gruForward, gruOpen } from "./gru";
import { dStatesAt, gatesAt, GRU, laneBytes, LSTM, REPEATED, rowOf, SEQUENCE, statesAt } from "./layer";
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
    advanceStep(layer, work, stride, first, panels, t);
    if (!layer.keep) continue;
    for (let p = 0; p < panels; p++) emitStates(layer, work + <usize>p * stride, first + p, t);
  }
}

/** One time step of some panels. */
export function advanceStep(layer: RecurrentArgs, work: usize, stride: usize, first: i32, panels: i32, step: i32): void {
  const H = layer.hidden, z = gatesAt(layer, work, step);
  projectStep(layer, work, stride, panels, step);
  if (step > layer.begin) {
    multiplyLanes(statesAt(layer, work, step - 1), stride, layer.packedRecurrent, z, stride, panels, H, layer.split, 1);
  }
  if (layer.cell == LSTM) {
    for (let p = 0; p < panels; p++) lstmForward(layer, work + <usize>p * stride, step);
  } else if (layer.cell == GRU) {
    for (let p = 0; p < panels; p++) gruOpen(layer, work + <usize>p * stride, first + p, step);
    if (step > 0) {
      const candidate = z + (<usize>layer.split << 5);
      multiplyLanes(work + layer.reset, stride, layer.packedCandidate, candidate, stride, panels, H, H, 1);
    }
    for (let p = 0; p < panels; p++) gruForward(layer, work + <usize>p * stride, step);
  } else {
    for (let p = 0; p < panels; p++) simpleForward(layer, work + <usize>p * stride, step);
  }
}

/** Writes the states of one time step for the weight gradients. */
export function emitStates(layer: RecurrentArgs, work: usize, panel: i32, step: i32): void {
  const to = layer.statePanels + (rowOf(layer, panel, step) << 4);
  lanesToPanels4(statesAt(layer, work, step), layer.hidden, to, layer.panelStride);
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
  const H = layer.hidden, split = layer.split, last = step == layer.steps - 1;
  const dh = dStatesAt(layer, work, step), dz = gatesAt(layer, work, step);
  const isGiven = last || layer.every;
  if (!last) {
    const later = gatesAt(layer, work, step + 1);
    multiplyLanes(later, stride, layer.transposedRecurrent, dh, stride, panels, split, H, <i32>isGiven);
  }
  if (layer.cell == LSTM) {
    for (let p = 0; p < panels; p++) lstmBackward(layer, work + <usize>p * stride, step);
  } else if (layer.cell == GRU) {
    for (let p = 0; p < panels; p++) {
      if (!last) gruAddCarried(layer, work + <usize>p * stride, step);
      gruBackward(layer, work + <usize>p * stride, step);
    }
    if (step > 0) {
      const candidate = dz + (<usize>split << 5);
      multiplyLanes(candidate, stride, layer.transposedCandidate, work + layer.reset, stride, panels, H, H, 0);
    }
    for (let p = 0; p < panels; p++) gruBackwardReset(layer, work + <usize>p * stride, step);
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
function writeGates(layer: RecurrentArgs, from: usize, to: usize, toCandidate: usize, stride: usize): void {
  const split = layer.split, width = layer.width;
  lanesToPanels8(from, split, to, stride);
  if (split < width) lanesToPanels8(from + (<usize>split << 5), width - split, toCandidate, stride);
}
