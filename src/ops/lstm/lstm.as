/** LSTM over a whole sequence, forward and backward. Equations: lstm.ts. */
import { sigmoid, tanh } from "../activation/activation";
import { multiplyAdd, multiplyLanes } from "../matmul/tile_8x4";
import { keptLanes, keptStride, laneBytes, panelCount, RecurrentArgs } from "../recurrent/arguments";
import { emitGates, emitInputGradient, emitStates, loadGradient } from "../recurrent/emit";
import { emitFirstStep, loadFirstStates } from "../recurrent/first_step";
import { projectRepeated, projectStep } from "../recurrent/project";

export function lstmForward(args: RecurrentArgs, task: i32): void {
  const H = args.hidden, width = args.width;
  const from = task * args.group, to = min(from + args.group, panelCount(args));
  projectRepeated(args, from, to);
  if (args.begin > 0) {
    for (let p = from; p < to; p++) loadFirstStates(args, p, keptLanes(args, args.cells, H, p, 0));
  }
  for (let t = args.begin; t < args.end; t++) {
    projectStep(args, from, to, t);
    if (t > args.begin) {
      multiplyLanes(
        args.states + <usize>from * laneBytes(H), laneBytes(H), args.packedRecurrent,
        keptLanes(args, args.gates, width, from, t), keptStride(args, width), to - from, H, width,
      );
    }
    for (let p = from; p < to; p++) {
      advanceCell(args, p, t);
      emitStates(args, p, t, args.states + <usize>p * laneBytes(H));
    }
  }
  emitFirstStep(args, from, to, width, args.cells, keptStride(args, H));
}

/** c' = f c + i g;  h' = o tanh(c') */
function advanceCell(args: RecurrentArgs, panel: i32, step: i32): void {
  const H = args.hidden, bytes = <usize>H << 5;
  let z = keptLanes(args, args.gates, args.width, panel, step);
  let c = keptLanes(args, args.cells, H, panel, step);
  let before = step > 0 ? keptLanes(args, args.cells, H, panel, step - 1) : 0;
  let squashed = keptLanes(args, args.squashed, H, panel, step);
  let h = args.states + <usize>panel * laneBytes(H);
  for (const end = z + bytes; z < end; z += 16) {
    const i = sigmoid(v128.load(z)), f = sigmoid(v128.load(z + bytes));
    const g = tanh(v128.load(z + 2 * bytes)), o = sigmoid(v128.load(z + 3 * bytes));
    const input = f32x4.mul(i, g);
    const cell = step > 0 ? multiplyAdd(f, v128.load(before), input) : input;
    const s = tanh(cell);
    if (args.keep) {
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

export function lstmBackward(args: RecurrentArgs, task: i32): void {
  const H = args.hidden, width = args.width;
  const from = task * args.group, to = min(from + args.group, panelCount(args));
  for (let t = args.end - 1; t >= args.begin; t--) {
    for (let p = from; p < to; p++) loadGradient(args, p, t);
    if (t < args.steps - 1) {
      multiplyLanes(
        keptLanes(args, args.gates, width, from, t + 1), keptStride(args, width), args.transposedRecurrent,
        args.dStates + <usize>from * laneBytes(H), laneBytes(H), to - from, width, H,
      );
    }
    for (let p = from; p < to; p++) {
      reverseCell(args, p, t);
      emitGates(args, p, t, width);
      emitInputGradient(args, p, t);
    }
  }
}

/**
 * dc' = dc + dh o (1 - tanh² c');  dz_i = dc' g i (1 - i);  dz_f = dc' c f (1 - f);  dz_g = dc' i (1 - g²);
 * dz_o = dh tanh(c') o (1 - o);  dc = dc' f
 */
function reverseCell(args: RecurrentArgs, panel: i32, step: i32): void {
  const H = args.hidden, bytes = <usize>H << 5, last = step == args.steps - 1;
  const one = f32x4.splat(1), zero = f32x4.splat(0);
  let z = keptLanes(args, args.gates, args.width, panel, step);
  let before = step > 0 ? keptLanes(args, args.cells, H, panel, step - 1) : 0;
  let squashed = keptLanes(args, args.squashed, H, panel, step);
  let dh = args.dStates + <usize>panel * laneBytes(H);
  let dc = args.dCells + <usize>panel * laneBytes(H);
  for (const end = z + bytes; z < end; z += 16) {
    const i = v128.load(z), f = v128.load(z + bytes), g = v128.load(z + 2 * bytes), o = v128.load(z + 3 * bytes);
    const s = v128.load(squashed), dState = v128.load(dh);
    const open = f32x4.mul(dState, o);
    const carried = last ? zero : v128.load(dc);
    const dCell = f32x4.add(carried, f32x4.mul(open, f32x4.sub(one, f32x4.mul(s, s))));
    const c = step > 0 ? v128.load(before) : zero;
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
