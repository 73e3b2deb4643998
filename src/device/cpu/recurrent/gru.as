/** GRU: one time step of one panel, forward and backward, each in two parts. Equations: src/device/reference. */
import { sigmoid, tanh } from "../activation/activation";
import { multiplyAdd } from "../matmul/tile_8x4";
import { RecurrentArgs } from "../structs";
import { dStatesAt, gatesAt, NO_STEP, statesAt } from "./layer";

/** z, r = sigmoid(x W + h U + b); also r h, for the candidate's product. @param past the time step before, or NO_STEP */
export function gruOpen(layer: RecurrentArgs, work: usize, step: i32, past: i32): void {
  const H = layer.hidden, bytes = <usize>H << 5;
  const z = gatesAt(layer, work, step), reset = work + layer.reset;
  const begins = past == NO_STEP, h = begins ? 0 : statesAt(layer, work, past);
  for (let at: usize = 0; at < bytes; at += 16) {
    const r = sigmoid(v128.load(z + bytes + at));
    v128.store(z + at, sigmoid(v128.load(z + at)));
    v128.store(z + bytes + at, r);
    if (!begins) v128.store(reset + at, f32x4.mul(r, v128.load(h + at)));
  }
}

/** g = tanh(x W + (r h) U + b);  h' = z h + (1 - z) g = g + z (h - g) */
export function gruForward(layer: RecurrentArgs, work: usize, step: i32, past: i32): void {
  const bytes = <usize>layer.hidden << 5;
  const z = gatesAt(layer, work, step), h = statesAt(layer, work, step);
  const begins = past == NO_STEP, before = begins ? 0 : statesAt(layer, work, past);
  for (let at: usize = 0; at < bytes; at += 16) {
    const g = tanh(v128.load(z + 2 * bytes + at));
    const state = begins ? f32x4.splat(0) : v128.load(before + at);
    v128.store(z + 2 * bytes + at, g);
    v128.store(h + at, multiplyAdd(v128.load(z + at), f32x4.sub(state, g), g));
  }
}

/** dh += what the later time step carried past its gates. */
export function gruAddCarried(layer: RecurrentArgs, work: usize, step: i32): void {
  const dh = dStatesAt(layer, work, step), carried = work + layer.carried;
  for (let at: usize = 0; at < <usize>layer.hidden << 5; at += 16) {
    v128.store(dh + at, f32x4.add(v128.load(dh + at), v128.load(carried + at)));
  }
}

/** dz_g = dh (1 - z) (1 - g²);  dz_z = dh (h - g) z (1 - z);  carried = dh z */
export function gruBackward(layer: RecurrentArgs, work: usize, step: i32, past: i32): void {
  const bytes = <usize>layer.hidden << 5, one = f32x4.splat(1);
  const z = gatesAt(layer, work, step), dh = dStatesAt(layer, work, step), carried = work + layer.carried;
  const begins = past == NO_STEP, before = begins ? 0 : statesAt(layer, work, past);
  for (let at: usize = 0; at < bytes; at += 16) {
    const update = v128.load(z + at), g = v128.load(z + 2 * bytes + at), dState = v128.load(dh + at);
    const h = begins ? f32x4.splat(0) : v128.load(before + at);
    const closed = f32x4.sub(one, update);
    v128.store(carried + at, f32x4.mul(dState, update));
    v128.store(z + 2 * bytes + at, f32x4.mul(f32x4.mul(dState, closed), f32x4.sub(one, f32x4.mul(g, g))));
    v128.store(z + at, f32x4.mul(f32x4.mul(dState, f32x4.sub(h, g)), f32x4.mul(update, closed)));
  }
}

/** dz_r = d(r h) h r (1 - r);  carried += d(r h) r. In the first time step h is 0. */
export function gruBackwardReset(layer: RecurrentArgs, work: usize, step: i32, past: i32): void {
  const bytes = <usize>layer.hidden << 5, one = f32x4.splat(1);
  const z = gatesAt(layer, work, step) + bytes, dReset = work + layer.reset, carried = work + layer.carried;
  if (past == NO_STEP) {
    memory.fill(z, 0, bytes);
    return;
  }
  const before = statesAt(layer, work, past);
  for (let at: usize = 0; at < bytes; at += 16) {
    const r = v128.load(z + at), d = v128.load(dReset + at), h = v128.load(before + at);
    v128.store(carried + at, multiplyAdd(d, r, v128.load(carried + at)));
    v128.store(z + at, f32x4.mul(f32x4.mul(d, h), f32x4.mul(r, f32x4.sub(one, r))));
  }
}
