/** GRU over a whole sequence, forward and backward. Equations: gru.ts. */
import { sigmoid, tanh } from "../activation/activation";
import { multiplyAdd, multiplyLanes } from "../matmul/tile_8x4";
import { lanesToPanels4 } from "../matmul/transpose";
import { keptLanes, keptStride, laneBytes, panelCount, panelStride, RecurrentArgs, rowOf } from "../recurrent/arguments";
import { emitGates, emitInputGradient, emitStates, loadGradient } from "../recurrent/emit";
import { emitFirstStep, loadFirstStates } from "../recurrent/first_step";
import { projectRepeated, projectStep } from "../recurrent/project";

export function gruForward(args: RecurrentArgs, task: i32): void {
  const H = args.hidden, width = args.width, candidate = <usize>H << 6;
  const from = task * args.group, to = min(from + args.group, panelCount(args)), panels = to - from;
  projectRepeated(args, from, to);
  if (args.begin > 0) {
    for (let p = from; p < to; p++) {
      const h = args.states + <usize>p * laneBytes(H);
      loadFirstStates(args, p, h);
      if (args.keep) memory.copy(keptLanes(args, args.cells, H, p, 0), h, laneBytes(H));
    }
  }
  for (let t = args.begin; t < args.end; t++) {
    projectStep(args, from, to, t);
    const z = keptLanes(args, args.gates, width, from, t), stride = keptStride(args, width);
    if (t > args.begin) {
      const h = args.states + <usize>from * laneBytes(H);
      multiplyLanes(h, laneBytes(H), args.packedRecurrent, z, stride, panels, H, 2 * H);
    }
    for (let p = from; p < to; p++) openGates(args, p, t);
    if (t > 0) {
      const reset = keptLanes(args, args.squashed, H, from, t);
      multiplyLanes(reset, keptStride(args, H), args.packedCandidate, z + candidate, stride, panels, H, H);
    }
    for (let p = from; p < to; p++) {
      advanceState(args, p, t);
      emitStates(args, p, t, args.states + <usize>p * laneBytes(H));
    }
  }
  emitFirstStep(args, from, to, 2 * H, args.states, laneBytes(H));
}

/** z, r = sigmoid(z_zr); also r h for the candidate's product. */
function openGates(args: RecurrentArgs, panel: i32, step: i32): void {
  const H = args.hidden, bytes = <usize>H << 5;
  const z = keptLanes(args, args.gates, args.width, panel, step);
  const reset = keptLanes(args, args.squashed, H, panel, step);
  const h = args.states + <usize>panel * laneBytes(H);
  for (let at: usize = 0; at < bytes; at += 16) {
    const r = sigmoid(v128.load(z + bytes + at));
    v128.store(z + at, sigmoid(v128.load(z + at)));
    v128.store(z + bytes + at, r);
    if (step > 0) v128.store(reset + at, f32x4.mul(r, v128.load(h + at)));
  }
  if (args.keep && step > 0) {
    lanesToPanels4(reset, H, args.resetPanels + (rowOf(args, panel, step - 1) << 4), panelStride(args, 4));
  }
}

/** g = tanh(z_g);  h' = z h + (1 - z) g = g + z (h - g) */
function advanceState(args: RecurrentArgs, panel: i32, step: i32): void {
  const H = args.hidden, bytes = <usize>H << 5;
  const z = keptLanes(args, args.gates, args.width, panel, step);
  const h = args.states + <usize>panel * laneBytes(H);
  const kept = keptLanes(args, args.cells, H, panel, step);
  for (let at: usize = 0; at < bytes; at += 16) {
    const g = tanh(v128.load(z + 2 * bytes + at));
    const before = step > 0 ? v128.load(h + at) : f32x4.splat(0);
    const value = multiplyAdd(v128.load(z + at), f32x4.sub(before, g), g);
    v128.store(z + 2 * bytes + at, g);
    v128.store(h + at, value);
    if (args.keep) v128.store(kept + at, value);
  }
}

export function gruBackward(args: RecurrentArgs, task: i32): void {
  const H = args.hidden, width = args.width, candidate = <usize>H << 6, lanes = laneBytes(H);
  const from = task * args.group, to = min(from + args.group, panelCount(args)), panels = to - from;
  const dh = args.dStates + <usize>from * lanes, dReset = args.dCells + <usize>from * lanes;
  for (let t = args.end - 1; t >= args.begin; t--) {
    const stride = keptStride(args, width);
    for (let p = from; p < to; p++) {
      loadGradient(args, p, t);
      if (t < args.steps - 1) addCarried(args, p);
    }
    if (t < args.steps - 1) {
      const later = keptLanes(args, args.gates, width, from, t + 1);
      multiplyLanes(later, stride, args.transposedRecurrent, dh, lanes, panels, 2 * H, H);
    }
    for (let p = from; p < to; p++) {
      reverseCandidate(args, p, t);
      memory.fill(args.dCells + <usize>p * lanes, 0, lanes);
    }
    if (t > 0) {
      const dz = keptLanes(args, args.gates, width, from, t);
      multiplyLanes(dz + candidate, stride, args.transposedCandidate, dReset, lanes, panels, H, H);
    }
    for (let p = from; p < to; p++) {
      reverseGates(args, p, t);
      emitGates(args, p, t, 2 * H);
      emitInputGradient(args, p, t);
    }
  }
}

/** dh += carried, which the later time step left in `states`. */
function addCarried(args: RecurrentArgs, panel: i32): void {
  const H = args.hidden, lanes = laneBytes(H);
  const dh = args.dStates + <usize>panel * lanes, carried = args.states + <usize>panel * lanes;
  for (let at: usize = 0; at < <usize>H << 5; at += 16) {
    v128.store(dh + at, f32x4.add(v128.load(dh + at), v128.load(carried + at)));
  }
}

/** dz_g = dh (1 - z) (1 - g²);  dz_z = dh (h - g) z (1 - z);  carried = dh z */
function reverseCandidate(args: RecurrentArgs, panel: i32, step: i32): void {
  const H = args.hidden, bytes = <usize>H << 5, one = f32x4.splat(1);
  const z = keptLanes(args, args.gates, args.width, panel, step);
  const before = step > 0 ? keptLanes(args, args.cells, H, panel, step - 1) : 0;
  const dh = args.dStates + <usize>panel * laneBytes(H), carried = args.states + <usize>panel * laneBytes(H);
  for (let at: usize = 0; at < bytes; at += 16) {
    const update = v128.load(z + at), g = v128.load(z + 2 * bytes + at), dState = v128.load(dh + at);
    const h = step > 0 ? v128.load(before + at) : f32x4.splat(0);
    const closed = f32x4.sub(one, update);
    v128.store(carried + at, f32x4.mul(dState, update));
    v128.store(z + 2 * bytes + at, f32x4.mul(f32x4.mul(dState, closed), f32x4.sub(one, f32x4.mul(g, g))));
    v128.store(z + at, f32x4.mul(f32x4.mul(dState, f32x4.sub(h, g)), f32x4.mul(update, closed)));
  }
}

/** dz_r = d(r h) h r (1 - r);  carried += d(r h) r */
function reverseGates(args: RecurrentArgs, panel: i32, step: i32): void {
  const H = args.hidden, bytes = <usize>H << 5, one = f32x4.splat(1);
  const z = keptLanes(args, args.gates, args.width, panel, step) + bytes;
  const before = step > 0 ? keptLanes(args, args.cells, H, panel, step - 1) : 0;
  const dReset = args.dCells + <usize>panel * laneBytes(H), carried = args.states + <usize>panel * laneBytes(H);
  for (let at: usize = 0; at < bytes; at += 16) {
    const r = v128.load(z + at), d = v128.load(dReset + at);
    const h = step > 0 ? v128.load(before + at) : f32x4.splat(0);
    v128.store(carried + at, multiplyAdd(d, r, v128.load(carried + at)));
    v128.store(z + at, f32x4.mul(f32x4.mul(d, h), f32x4.mul(r, f32x4.sub(one, r))));
  }
}
