/** The results of every time step of a recurrent layer: states and gradients. */
import { multiplyLanes } from "../matmul/tile_8x4";
import { lanesToPanels4, lanesToPanels8, lanesToRows, rowsToLanes } from "../matmul/transpose";
import { keptLanes, laneBytes, panelCount, panelStride, RecurrentArgs, REPEATED, rowOf } from "./arguments";

/** Writes the states of one time step to the output, if they are wanted, and for the weight gradient. */
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
