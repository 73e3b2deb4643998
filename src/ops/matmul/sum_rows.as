/** A bias gradient: panels summed over their rows. A task is one panel of 8 columns. */
import { storeFirst } from "./transpose";

@unmanaged
class SumRowsArgs {
  /** Panels of (depth, 8), `aStride` bytes apart. */
  a: usize;
  aStride: usize;
  out: usize;
  depth: i32;
  columns: i32;
}

export function sumPanelRows(args: SumRowsArgs, task: i32): void {
  let from = args.a + <usize>task * args.aStride;
  const end = from + (<usize>args.depth << 5);
  let low = f32x4.splat(0), high = low;
  while (from < end) {
    low = f32x4.add(low, v128.load(from));
    high = f32x4.add(high, v128.load(from, 16));
    from += 32;
  }
  const out = args.out + (<usize>task << 5), columns = args.columns - (task << 3);
  storeFirst(out, low, columns);
  if (columns > 4) storeFirst(out + 16, high, columns - 4);
}
