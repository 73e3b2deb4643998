/** Elman's network: one time step of one panel, forward and backward. Equations: src/device/reference. */
import { tanh } from "../activation/activation";
import { RecurrentArgs } from "../structs";
import { dStatesAt, gatesAt, statesAt } from "./layer";

/** h' = tanh(x W + h U + b) */
export function simpleForward(layer: RecurrentArgs, work: usize, step: i32): void {
  const z = gatesAt(layer, work, step), h = statesAt(layer, work, step);
  for (let at: usize = 0; at < <usize>layer.hidden << 5; at += 16) v128.store(h + at, tanh(v128.load(z + at)));
}

/** dz = dh (1 - h'²) */
export function simpleBackward(layer: RecurrentArgs, work: usize, step: i32): void {
  const z = gatesAt(layer, work, step), h = statesAt(layer, work, step), dh = dStatesAt(layer, work, step);
  const one = f32x4.splat(1);
  for (let at: usize = 0; at < <usize>layer.hidden << 5; at += 16) {
    const value = v128.load(h + at);
    v128.store(z + at, f32x4.mul(v128.load(dh + at), f32x4.sub(one, f32x4.mul(value, value))));
  }
}
