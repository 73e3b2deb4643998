/** A dense layer over rows, forward and backward. A task is a group of panels of 8 rows. Equations: dense.ts. */
import { multiplyLanes } from "../matmul/tile_8x4";
import { lanesToRows, rowsToLanes } from "../matmul/transpose";

@unmanaged
class DenseArgs {
  rows: i32;
  inputSize: i32;
  outputSize: i32;
  /** Float32 (rows, I), row-major. */
  x: usize;
  /** (ceil(V / 4), I, 4) */
  packedKernel: usize;
  /** (V) */
  bias: usize;
  /** (rows, V), row-major. */
  y: usize;
  /** Lanes [panel] of x, or of dx. */
  inputs: usize;
  /** Lanes [panel] of y, or of dy. */
  outputs: usize;
  /** (ceil(I / 4), V, 4) */
  transposedKernel: usize;
  dy: usize;
  dx: usize;
}

@inline
function laneBytes(features: i32): usize {
  return <usize>((features + 7) & ~3) << 5;
}

export function denseForward(args: DenseArgs, task: i32): void {
  const I = args.inputSize, V = args.outputSize, first = task << 3;
  const x = args.inputs + <usize>task * laneBytes(I), y = args.outputs + <usize>task * laneBytes(V);
  rowsToLanes(args.x + <usize>first * <usize>(I << 2), <usize>I << 2, args.rows - first, I, x);
  for (let f = 0; f < V; f++) {
    const bias = v128.load32_splat(args.bias + (<usize>f << 2));
    v128.store(y + (<usize>f << 5), bias);
    v128.store(y + (<usize>f << 5), bias, 16);
  }
  multiplyLanes(x, 0, args.packedKernel, y, 0, 1, I, V);
  lanesToRows(y, V, args.y + <usize>first * <usize>(V << 2), <usize>V << 2, args.rows - first);
}

export function denseBackward(args: DenseArgs, task: i32): void {
  const I = args.inputSize, V = args.outputSize, first = task << 3;
  const dx = args.inputs + <usize>task * laneBytes(I), dy = args.outputs + <usize>task * laneBytes(V);
  rowsToLanes(args.dy + <usize>first * <usize>(V << 2), <usize>V << 2, args.rows - first, V, dy);
  memory.fill(dx, 0, laneBytes(I));
  multiplyLanes(dy, 0, args.transposedKernel, dx, 0, 1, V, I);
  lanesToRows(dx, I, args.dx + <usize>first * <usize>(I << 2), <usize>I << 2, args.rows - first);
}
