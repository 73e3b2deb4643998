/** LSTM: one time step of one panel, forward and backward. Equations: src/device/reference. */
import { sigmoid, tanh } from "../activation/activation";
import { multiplyAdd } from "../matmul/tile_8x4";
import { RecurrentArgs } from "../structs";
import { cellsAt, dStatesAt, gatesAt, NO_STEP, squashedAt, statesAt } from "./layer";

/**
 * z = x W + h U + b;  i, f, o = sigmoid(z);  g = tanh(z);  c' = f c + i g;  h' = o tanh(c')
 *
 * @param past the time step before, or NO_STEP
 */
export function lstmForward(layer: RecurrentArgs, work: usize, step: i32, past: i32): void {
  const bytes = <usize>layer.hidden << 5, keep = layer.keep, begins = past == NO_STEP;
  let z = gatesAt(layer, work, step), c = cellsAt(layer, work, step), h = statesAt(layer, work, step);
  let before = begins ? 0 : cellsAt(layer, work, past);
  let squashed = squashedAt(layer, work, step);
  for (const end = z + bytes; z < end; z += 16) {
    const i = sigmoid(v128.load(z)), f = sigmoid(v128.load(z + bytes));
    const g = tanh(v128.load(z + 2 * bytes)), o = sigmoid(v128.load(z + 3 * bytes));
    const input = f32x4.mul(i, g);
    const cell = begins ? input : multiplyAdd(f, v128.load(before), input);
    const s = tanh(cell);
    if (keep) {
      v128.store(z, i);
      v128.store(z + bytes, f);
      v128.store(z + 2 * bytes, g);
      v128.store(z + 3 * bytes, o);
      v128.store(squashed, s);
    }
    v128.store(c, cell);
    v128.store(h, f32x4.mul(o, s));
    c += 16;
    before += 16;
    squashed += 16;
    h += 16;
  }
}

/**
 * dc' = dc + dh o (1 - tanh² c');  dz_i = dc' g i (1 - i);  dz_f = dc' c f (1 - f);  dz_g = dc' i (1 - g²);
 * dz_o = dh tanh(c') o (1 - o);  dc = dc' f
 *
 * @param past the time step before, or NO_STEP
 * @param last whether dc is zero, because no later time step has left one
 */
export function lstmBackward(layer: RecurrentArgs, work: usize, step: i32, past: i32, last: bool): void {
  const bytes = <usize>layer.hidden << 5, begins = past == NO_STEP;
  const one = f32x4.splat(1), zero = f32x4.splat(0);
  let z = gatesAt(layer, work, step), dh = dStatesAt(layer, work, step), dc = work + layer.carried;
  let before = begins ? 0 : cellsAt(layer, work, past);
  let squashed = squashedAt(layer, work, step);
  for (const end = z + bytes; z < end; z += 16) {
    const i = v128.load(z), f = v128.load(z + bytes), g = v128.load(z + 2 * bytes), o = v128.load(z + 3 * bytes);
    const s = v128.load(squashed), dState = v128.load(dh);
    const open = f32x4.mul(dState, o);
    const carried = last ? zero : v128.load(dc);
    const dCell = f32x4.add(carried, f32x4.mul(open, f32x4.sub(one, f32x4.mul(s, s))));
    const c = begins ? zero : v128.load(before);
    v128.store(z, f32x4.mul(f32x4.mul(dCell, g), f32x4.mul(i, f32x4.sub(one, i))));
    v128.store(z + bytes, f32x4.mul(f32x4.mul(dCell, c), f32x4.mul(f, f32x4.sub(one, f))));
    v128.store(z + 2 * bytes, f32x4.mul(f32x4.mul(dCell, i), f32x4.sub(one, f32x4.mul(g, g))));
    v128.store(z + 3 * bytes, f32x4.mul(f32x4.mul(open, s), f32x4.sub(one, o)));
    v128.store(dc, f32x4.mul(dCell, f));
    before += 16;
    squashed += 16;
    dh += 16;
    dc += 16;
  }
}
