/** The kernel's gradient of a one-hot input: dz added to the rows that were looked up. A task is one panel of 8 columns. */
import { storeFirst } from "../matmul/transpose";

@unmanaged
class ScatterArgs {
  /** int32 (B, T) */
  indices: usize;
  batch: i32;
  steps: i32;
  paddedBatch: i32;
  /** dz: panels of 8, [T][padded B] rows, `aStride` bytes apart. */
  a: usize;
  aStride: usize;
  columns: i32;
  rows: i32;
  /** dW (rows, outColumns), row-major; `out` is its first column at hand. */
  out: usize;
  outStride: usize;
  /** (rows, 8) a task. */
  sums: usize;
  /** db at the same columns. */
  bias: usize;
}

export function scatterRows(args: ScatterArgs, task: i32): void {
  const rows = args.rows;
  const sums = args.sums + (<usize>task * <usize>rows << 5);
  memory.fill(sums, 0, <usize>rows << 5);
  for (let t = 0; t < args.steps; t++) {
    let from = args.a + <usize>task * args.aStride + (<usize>(t * args.paddedBatch) << 5);
    for (let b = 0; b < args.batch; b++) {
      const index = i32.load(args.indices + (<usize>(b * args.steps + t) << 2));
      const to = sums + (<usize>index << 5);
      v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
      v128.store(to, f32x4.add(v128.load(to, 16), v128.load(from, 16)), 16);
      from += 32;
    }
  }
  const columns = args.columns - (task << 3);
  let low = f32x4.splat(0), high = low;
  for (let i = 0; i < rows; i++) {
    const from = sums + (<usize>i << 5), to = args.out + <usize>i * args.outStride + (<usize>task << 5);
    low = f32x4.add(low, v128.load(from));
    high = f32x4.add(high, v128.load(from, 16));
    storeFirst(to, v128.load(from), columns);
    if (columns > 4) storeFirst(to + 16, v128.load(from, 16), columns - 4);
  }
  const bias = args.bias + (<usize>task << 5);
  storeFirst(bias, low, columns);
  if (columns > 4) storeFirst(bias + 16, high, columns - 4);
}
