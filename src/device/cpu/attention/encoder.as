/** The encoder of some panels, forward and backward. Its time steps are the positions of the task: see `PanelSpanArgs`. */
import { multiplyLanes } from "../matmul/tile_8x4";
import { lanesToPanels4 } from "../matmul/transpose";
import { cellsAt, dStatesAt, gatesAt, GRU, laneBytes, LSTM, NO_STEP, statesAt } from "../recurrent/layer";
import { advanceStep, carryBack, emitReset, reverseCells, writeGates } from "../recurrent/recurrent";
import { AttentionRowsArgs, RecurrentArgs } from "../structs";
import { isWhole } from "./panel";
import {
  dOutputsAt, dropGradient, dropVectors, emitLookUp, emitVectors, isDropped, lookUp, sourceRow, spanOf, vectorsOf,
} from "./vectors";

@inline
export function layerOf(list: usize, index: i32): RecurrentArgs {
  return changetype<RecurrentArgs>(list + <usize>index * offsetof<RecurrentArgs>());
}

/** From the characters to the states of every position. */
export function encodeForward(args: AttentionRowsArgs, work: usize, first: i32, panels: i32): void {
  const stride = args.panelBytes, steps = spanOf(args, first).steps, begin = spanOf(args, first).begin;
  const embedding = vectorsOf(args.sourceEmbedding, 0);
  for (let p = 0; p < panels; p++) {
    const at = work + <usize>p * stride;
    for (let s = 0; s < steps; s++) {
      lookUp(embedding, at, s, at + args.characters + (<usize>s << 3));
      dropVectors(args, embedding, at, at + embedding.outputs + <usize>s * embedding.outputStep, s, begin + s);
      if (args.train) emitVectors(embedding, at, s, sourceRow(args, first + p, s));
    }
  }
  for (let i = 0; i < args.encoderLayers; i++) {
    for (let d = 0; d < args.directions; d++) {
      directionForward(args, layerOf(args.encoder, i * args.directions + d), work, first, panels, d == 1);
    }
    const outputs = vectorsOf(args.encoderVectors, i);
    for (let p = 0; p < panels; p++) {
      const at = work + <usize>p * stride;
      for (let s = 0; s < steps; s++) {
        dropVectors(args, outputs, at, at + outputs.states + <usize>s * outputs.stateStep, s, begin + s);
        if (args.train) emitVectors(outputs, at, s, sourceRow(args, first + p, s));
      }
    }
  }
}

/** One direction of a layer. The states before its first position are zeros. */
function directionForward(
  args: AttentionRowsArgs, layer: RecurrentArgs, work: usize, first: i32, panels: i32, isBackward: bool,
): void {
  const stride = args.panelBytes, steps = spanOf(args, first).steps, by = isBackward ? -1 : 1;
  const start = isBackward ? steps : -1, stop = isBackward ? -1 : steps;
  for (let p = 0; p < panels; p++) {
    const at = work + <usize>p * stride, bytes = <usize>layer.hidden << 5;
    memory.fill(statesAt(layer, at, start), 0, bytes);
    if (layer.cell == GRU) memory.fill(at + layer.reset, 0, bytes);
  }
  for (let s = start + by; s != stop; s += by) {
    const past = s - by;
    advanceStep(layer, work, stride, panels, s, past == start ? NO_STEP : past);
    for (let p = 0; p < panels; p++) {
      const at = work + <usize>p * stride, mask = at + args.masks + (<usize>s << 5);
      if (!isWhole(mask)) keepMasked(layer, at, mask, s, past, past == start);
      const row = args.train ? sourceRow(args, first + p, s) : -1;
      if (row >= 0) emitBefore(layer, at, past, row);
    }
  }
}

/** Writes the states before a time step for the gradient of the recurrent kernel; for GRU also r h. */
export function emitBefore(layer: RecurrentArgs, work: usize, past: i32, row: i32): void {
  lanesToPanels4(statesAt(layer, work, past), layer.hidden, layer.statePanels + (<usize>row << 4), layer.panelStride);
  if (layer.cell == GRU) emitReset(layer, work, row);
}

/** h = h of the time step before, and c likewise, in masked lanes. */
function keepMasked(layer: RecurrentArgs, work: usize, mask: usize, step: i32, past: i32, begins: bool): void {
  const low = v128.load(mask), high = v128.load(mask, 16), size = layer.hidden;
  selectLanes(low, high, statesAt(layer, work, step), begins ? 0 : statesAt(layer, work, past), size);
  if (layer.cell == LSTM) {
    selectLanes(low, high, cellsAt(layer, work, step), begins ? 0 : cellsAt(layer, work, past), size);
  }
}

function selectLanes(low: v128, high: v128, to: usize, from: usize, size: i32): void {
  const zero = f32x4.splat(0);
  for (const end = to + (<usize>size << 5); to < end; to += 32) {
    v128.store(to, v128.bitselect(v128.load(to), from ? v128.load(from) : zero, low));
    v128.store(to, v128.bitselect(v128.load(to, 16), from ? v128.load(from, 16) : zero, high), 16);
    if (from) from += 32;
  }
}

/** From the gradient of the last layer's outputs, and of its last states, to dz of every position and the gradient of the embeddings. */
export function encodeBackward(args: AttentionRowsArgs, work: usize, first: i32, panels: i32): void {
  const stride = args.panelBytes, span = spanOf(args, first), steps = span.steps, directions = args.directions;
  for (let i = args.encoderLayers - 1; i >= 0; i--) {
    const outputs = vectorsOf(args.encoderVectors, i);
    if (isDropped(args, outputs)) {
      for (let p = 0; p < panels; p++) {
        const at = work + <usize>p * stride;
        for (let s = 0; s < steps; s++) dropGradient(args, outputs, at, dOutputsAt(outputs, at, s), span.begin + s);
      }
    }
    for (let d = 0; d < directions; d++) {
      const layer = layerOf(args.encoder, i * directions + d);
      beginBackward(args, layer, work, panels, i == args.encoderLayers - 1, d, d == 1 ? 0 : steps - 1);
      directionBackward(args, layer, work, first, panels, d == 1);
    }
    inputsBackward(args, i, work, first, panels);
  }
}

/** Adds the gradient of the last states to that of the last layer's, and begins dc. */
function beginBackward(
  args: AttentionRowsArgs, layer: RecurrentArgs, work: usize, panels: i32, isLast: bool, direction: i32, step: i32,
): void {
  const stride = args.panelBytes, bytes = <usize>layer.hidden << 5;
  for (let p = 0; p < panels; p++) {
    const at = work + <usize>p * stride, dLast = at + args.dLast + <usize>direction * bytes;
    const dh = dStatesAt(layer, at, step), carried = at + layer.carried;
    if (isLast) addLanes(dLast, dh, layer.hidden);
    if (layer.cell != LSTM) continue;
    if (isLast) {
      memory.copy(carried, dLast + laneBytes(layer.hidden * args.directions), bytes);
    } else {
      memory.fill(carried, 0, bytes);
    }
  }
}

/** to += from */
export function addLanes(from: usize, to: usize, size: i32): void {
  for (const end = to + (<usize>size << 5); to < end; to += 16) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    from += 16;
  }
}

function directionBackward(
  args: AttentionRowsArgs, layer: RecurrentArgs, work: usize, first: i32, panels: i32, isBackward: bool,
): void {
  const stride = args.panelBytes, steps = spanOf(args, first).steps, by = isBackward ? -1 : 1;
  const start = isBackward ? steps : -1, last = isBackward ? 0 : steps - 1;
  for (let s = last; s != start; s -= by) {
    const past = s - by == start ? NO_STEP : s - by;
    if (s != last) carryBack(layer, work, stride, panels, s + by, s, 1);
    for (let p = 0; p < panels; p++) setAside(args, layer, work + <usize>p * stride, s);
    reverseCells(layer, work, stride, panels, s, past, false);
    for (let p = 0; p < panels; p++) {
      const at = work + <usize>p * stride;
      bringBack(args, layer, at, s, past);
      const row = sourceRow(args, first + p, s);
      if (row >= 0) emitGates(layer, at, s, row);
    }
  }
}

/** Writes dz of a time step for the gradients of weights. */
export function emitGates(layer: RecurrentArgs, work: usize, step: i32, row: i32): void {
  const at = <usize>row << 5;
  writeGates(layer, gatesAt(layer, work, step), layer.dzPanels + at, layer.dzCandidatePanels + at, layer.panelStride << 1);
}

/** Takes dh and dc of masked lanes away, so that their dz is zero. */
function setAside(args: AttentionRowsArgs, layer: RecurrentArgs, work: usize, step: i32): void {
  const mask = work + args.masks + (<usize>step << 5);
  if (isWhole(mask)) return;
  const aside = work + args.bypass, bytes = <usize>layer.hidden << 5;
  splitLanes(mask, dStatesAt(layer, work, step), aside, layer.hidden);
  if (layer.cell == LSTM) splitLanes(mask, work + layer.carried, aside + bytes, layer.hidden);
}

/** Moves the masked lanes of a list to another; 0 stays. */
function splitLanes(mask: usize, from: usize, to: usize, size: i32): void {
  const low = v128.load(mask), high = v128.load(mask, 16);
  for (const end = from + (<usize>size << 5); from < end; from += 32) {
    const a = v128.load(from), b = v128.load(from, 16);
    v128.store(to, v128.andnot(a, low));
    v128.store(to, v128.andnot(b, high), 16);
    v128.store(from, v128.and(a, low));
    v128.store(from, v128.and(b, high), 16);
    to += 32;
  }
}

/** Gives dh and dc of masked lanes to the time step before. */
function bringBack(args: AttentionRowsArgs, layer: RecurrentArgs, work: usize, step: i32, past: i32): void {
  if (past == NO_STEP || isWhole(work + args.masks + (<usize>step << 5))) return;
  const aside = work + args.bypass;
  addLanes(aside, dStatesAt(layer, work, past), layer.hidden);
  if (layer.cell == LSTM) addLanes(aside + (<usize>layer.hidden << 5), work + layer.carried, layer.hidden);
}

/** The gradient of a layer's inputs: dz Wᵀ of its directions. Both read the same input. */
function inputsBackward(args: AttentionRowsArgs, index: i32, work: usize, first: i32, panels: i32): void {
  const stride = args.panelBytes, steps = spanOf(args, first).steps, directions = args.directions;
  const inputs = index == 0 ? vectorsOf(args.sourceEmbedding, 0) : vectorsOf(args.encoderVectors, index - 1);
  for (let s = 0; s < steps; s++) {
    const dx = dOutputsAt(inputs, work, s);
    for (let d = 0; d < directions; d++) {
      const layer = layerOf(args.encoder, index * directions + d);
      multiplyLanes(gatesAt(layer, work, s), stride, layer.transposedKernel, dx, stride, panels, layer.width, inputs.size, d);
    }
    if (index > 0) continue;
    for (let p = 0; p < panels; p++) {
      const at = work + <usize>p * stride, gradient = dOutputsAt(inputs, at, s);
      dropGradient(args, inputs, at, gradient, spanOf(args, first).begin + s);
      emitLookUp(inputs, gradient, at + args.characters + (<usize>s << 3), sourceRow(args, first + p, s));
    }
  }
}
