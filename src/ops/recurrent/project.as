/** The input's part of the gates: x W + b. */
import { multiplyLanes } from "../matmul/tile_8x4";
import { gatherToLanes, rowsToLanes } from "../matmul/transpose";
import { INDICES, keptLanes, keptStride, laneBytes, RecurrentArgs, REPEATED, SEQUENCE } from "./arguments";

/** Before the first time step: the product of a repeated input, taken once. */
export function projectRepeated(args: RecurrentArgs, from: i32, to: i32): void {
  if (args.input != REPEATED) return;
  const I = args.inputSize, width = args.width;
  for (let p = from; p < to; p++) {
    const x = args.inputs + <usize>p * laneBytes(I);
    rowsToLanes(args.x + <usize>(p << 3) * <usize>(I << 2), <usize>I << 2, args.batch - (p << 3), I, x);
    fillBias(args, args.projected + <usize>p * laneBytes(width));
  }
  multiplyLanes(
    args.inputs + <usize>from * laneBytes(I), laneBytes(I), args.packedKernel,
    args.projected + <usize>from * laneBytes(width), laneBytes(width), to - from, I, width,
  );
}

/** z = x W + b for one time step of some panels. */
export function projectStep(args: RecurrentArgs, from: i32, to: i32, step: i32): void {
  const I = args.inputSize, width = args.width;
  for (let p = from; p < to; p++) {
    const z = keptLanes(args, args.gates, width, p, step);
    if (args.input == INDICES) {
      lookUpRows(args, p, step, z);
    } else if (args.input == REPEATED) {
      memory.copy(z, args.projected + <usize>p * laneBytes(width), laneBytes(width));
    } else {
      const row = <usize>I << 2, stride = row * <usize>args.steps;
      const x = args.x + <usize>(p << 3) * stride + <usize>step * row;
      rowsToLanes(x, stride, args.batch - (p << 3), I, args.inputs + <usize>p * laneBytes(I));
      fillBias(args, z);
    }
  }
  if (args.input != SEQUENCE) return;
  multiplyLanes(
    args.inputs + <usize>from * laneBytes(I), laneBytes(I), args.packedKernel,
    keptLanes(args, args.gates, width, from, step), keptStride(args, width), to - from, I, width,
  );
}

function fillBias(args: RecurrentArgs, z: usize): void {
  for (let f = 0; f < args.width; f++) {
    const bias = v128.load32_splat(args.bias + (<usize>f << 2));
    v128.store(z + (<usize>f << 5), bias);
    v128.store(z + (<usize>f << 5), bias, 16);
  }
}

/** A one-hot row times a matrix is a row of the matrix. */
function lookUpRows(args: RecurrentArgs, panel: i32, step: i32, z: usize): void {
  const row = <usize>args.width << 2;
  for (let half = 0; half < 8; half += 4) {
    const first = (panel << 3) + half, left = args.batch - first;
    const r0 = left > 0 ? args.kernel + indexAt(args, first, step) * row : args.kernel;
    const r1 = left > 1 ? args.kernel + indexAt(args, first + 1, step) * row : args.kernel;
    const r2 = left > 2 ? args.kernel + indexAt(args, first + 2, step) * row : args.kernel;
    const r3 = left > 3 ? args.kernel + indexAt(args, first + 3, step) * row : args.kernel;
    gatherToLanes(r0, r1, r2, r3, left, args.width, z + (<usize>half << 2));
  }
  for (let f = 0; f < args.width; f++) {
    const at = z + (<usize>f << 5), bias = v128.load32_splat(args.bias + (<usize>f << 2));
    v128.store(at, f32x4.add(v128.load(at), bias));
    v128.store(at, f32x4.add(v128.load(at, 16), bias), 16);
  }
}

@inline
function indexAt(args: RecurrentArgs, example: i32, step: i32): usize {
  return <usize>i32.load(args.x + (<usize>(example * args.steps + step) << 2));
}
