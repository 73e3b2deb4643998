/** Elman's network over a whole sequence, forward and backward. Equations: simple_rnn.ts. */
import { tanh } from "../activation/activation";
import { multiplyLanes } from "../matmul/tile_8x4";
import { keptLanes, keptStride, laneBytes, panelCount, RecurrentArgs } from "../recurrent/arguments";
import { emitGates, emitInputGradient, emitStates, loadGradient } from "../recurrent/emit";
import { emitFirstStep } from "../recurrent/first_step";
import { projectRepeated, projectStep } from "../recurrent/project";

export function simpleForward(args: RecurrentArgs, task: i32): void {
  const H = args.hidden;
  const from = task * args.group, to = min(from + args.group, panelCount(args));
  projectRepeated(args, from, to);
  for (let t = args.begin; t < args.end; t++) {
    projectStep(args, from, to, t);
    if (t > args.begin) {
      multiplyLanes(
        args.states + <usize>from * laneBytes(H), laneBytes(H), args.packedRecurrent,
        keptLanes(args, args.gates, H, from, t), keptStride(args, H), to - from, H, H,
      );
    }
    for (let p = from; p < to; p++) {
      const h = args.states + <usize>p * laneBytes(H);
      const z = keptLanes(args, args.gates, H, p, t);
      for (let at: usize = 0; at < <usize>H << 5; at += 16) {
        const value = tanh(v128.load(z + at));
        v128.store(z + at, value);
        v128.store(h + at, value);
      }
      emitStates(args, p, t, h);
    }
  }
  emitFirstStep(args, from, to, H, 0, 0);
}

/** dz = dh (1 - h'²) */
export function simpleBackward(args: RecurrentArgs, task: i32): void {
  const H = args.hidden, one = f32x4.splat(1);
  const from = task * args.group, to = min(from + args.group, panelCount(args));
  for (let t = args.end - 1; t >= args.begin; t--) {
    for (let p = from; p < to; p++) loadGradient(args, p, t);
    if (t < args.steps - 1) {
      multiplyLanes(
        keptLanes(args, args.gates, H, from, t + 1), keptStride(args, H), args.transposedRecurrent,
        args.dStates + <usize>from * laneBytes(H), laneBytes(H), to - from, H, H,
      );
    }
    for (let p = from; p < to; p++) {
      const dh = args.dStates + <usize>p * laneBytes(H);
      const z = keptLanes(args, args.gates, H, p, t);
      for (let at: usize = 0; at < <usize>H << 5; at += 16) {
        const h = v128.load(z + at);
        v128.store(z + at, f32x4.mul(v128.load(dh + at), f32x4.sub(one, f32x4.mul(h, h))));
      }
      emitGates(args, p, t, H);
      emitInputGradient(args, p, t);
    }
  }
}
