/** The kernel's gradient for a one-hot input: dz is added to the rows that were looked up. A task is one panel of 8 columns. */
import { rowsToLanes, storeFirst } from "../matmul/transpose";

@unmanaged
class ScatterArgs {
  /** int32 (B, T) */
  indices: usize;
  batch: i32;
  steps: i32;
  /** The time step to begin with. */
  begin: i32;
  paddedBatch: i32;
  /** dz: panels of 8, [T][padded B] rows, `aStride` bytes apart. */
  a: usize;
  aStride: usize;
  columns: i32;
  /** Number of characters. */
  rows: i32;
  /** dW (rows, outColumns), row-major; `out` is the address of the first column of this part. */
  out: usize;
  outStride: usize;
  /** (rows, 8) per task. */
  sums: usize;
  /** db at the same columns. */
  bias: usize;
  /** dz of the second time step, summed by first character: lanes [panel of characters], `firstStride` bytes apart; 0: not wanted. */
  first: usize;
  firstStride: usize;
}

export function scatterRows(args: ScatterArgs, task: i32): void {
  const panel = args.a + <usize>task * args.aStride, step = <usize>args.paddedBatch << 5;
  const sums = args.sums + (<usize>task * <usize>args.rows << 5);
  memory.fill(sums, 0, <usize>args.rows << 5);
  for (let t = args.begin; t < args.steps; t++) addRows(args, t, panel + <usize>t * step, sums);
  storeSums(args, task, sums, 0);
  if (args.first) sumSecondStep(args, task, panel + step);
}

/** sums[character of example b at a time step] += from[b] */
function addRows(args: ScatterArgs, step: i32, from: usize, sums: usize): void {
  const stride = <usize>args.steps << 2;
  let index = args.indices + (<usize>step << 2);
  for (const end = from + (<usize>args.batch << 5); from < end; from += 32) {
    const to = sums + (<usize>i32.load(index) << 5);
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    v128.store(to, f32x4.add(v128.load(to, 16), v128.load(from, 16)), 16);
    index += stride;
  }
}

/**
 * Sums dz of the second time step by first character, and writes the sums twice: as lanes, for the first time step backward, and in the last
 * rows of the second time step's place, so that the recurrent kernel's gradient is one product over them and the later time steps.
 */
function sumSecondStep(args: ScatterArgs, task: i32, from: usize): void {
  const rows = args.rows, padded = (rows + 7) & ~7;
  const sums = args.sums + (<usize>task * <usize>rows << 5);
  memory.fill(sums, 0, <usize>rows << 5);
  addRows(args, 0, from, sums);
  const tail = from + (<usize>(args.paddedBatch - padded) << 5);
  memory.fill(tail, 0, <usize>padded << 5);
  memory.copy(tail, sums, <usize>rows << 5);
  const columns = min(8, args.columns - (task << 3));
  for (let v = 0; v < rows; v += 8) {
    const to = args.first + <usize>(v >> 3) * args.firstStride + (<usize>task << 8);
    rowsToLanes(sums + (<usize>v << 5), 32, rows - v, columns, to);
  }
}

/** Adds dz of the first time step, one row per character, to dW and db. `a` holds its panels. */
export function addFirstRows(args: ScatterArgs, task: i32): void {
  storeSums(args, task, args.a + <usize>task * args.aStride, 1);
}

/** dW = rows, db = their sum. With `add`, dW += rows, db += their sum. */
function storeSums(args: ScatterArgs, task: i32, from: usize, add: i32): void {
  const columns = args.columns - (task << 3), bias = args.bias + (<usize>task << 5);
  const none = f32x4.splat(0);
  let low = add ? v128.load(bias) : none, high = add ? v128.load(bias, 16) : none;
  for (let i = 0; i < args.rows; i++) {
    const to = args.out + <usize>i * args.outStride + (<usize>task << 5);
    const l = v128.load(from), h = v128.load(from, 16);
    low = f32x4.add(low, l);
    high = f32x4.add(high, h);
    storeFirst(to, add ? f32x4.add(v128.load(to), l) : l, columns);
    if (columns > 4) storeFirst(to + 16, add ? f32x4.add(v128.load(to, 16), h) : h, columns - 4);
    from += 32;
  }
  storeFirst(bias, low, columns);
  if (columns > 4) storeFirst(bias + 16, high, columns - 4);
}
