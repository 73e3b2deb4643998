/** A weight gradient: one product over all rows, written row-major, and the gradient of the bias. A task is a group of panels of 8 output columns. */
import { multiplyTile } from "./tile_8x4";
import { ProductArgs } from "../structs";
import { storeFirst } from "./transpose";

/** Depth of one block: a panel of A and a tile of B stay in the first-level cache. */
const DEPTH_BLOCK: i32 = 512;

/** out[n][m] = sum over k of b[n / 4][k][n % 4] · a[m / 8][k][m % 8]. */
export function multiplyPanels(args: ProductArgs, task: i32, self: i32): void {
  const first = task * args.group, last = min(first + args.group, (args.columns + 7) >> 3);
  const whole = min(last, args.columns >> 3), rows = args.rows & ~3;
  for (let k = 0; k == 0 || k < args.depth; k += DEPTH_BLOCK) {
    const depth = min(DEPTH_BLOCK, args.depth - k);
    for (let n = 0; n < rows; n += 4) {
      const b = args.b + <usize>(n >> 2) * args.bStride + (<usize>k << 4);
      const out = args.out + <usize>n * args.outStride;
      for (let m = first; m < whole; m++) {
        const a = args.a + <usize>m * args.aStride + (<usize>k << 5);
        multiplyTile(a, b, out + (<usize>m << 5), args.outStride, depth, k);
      }
    }
  }
  for (let m = first; m < last; m++) {
    multiplyEdges(args, m, m < whole ? rows : 0);
    if (args.bias != 0) sumRows(args, m);
  }
}

/** Multiplies the rows from `from` on of one panel of columns. Incomplete tiles go through a buffer. */
function multiplyEdges(args: ProductArgs, panel: i32, from: i32): void {
  const columns = args.columns - (panel << 3), edge = args.edges + (<usize>panel << 7);
  for (let n = from; n < args.rows; n += 4) {
    const b = args.b + <usize>(n >> 2) * args.bStride;
    multiplyTile(args.a + <usize>panel * args.aStride, b, edge, 32, args.depth, 0);
    for (let j = 0; j < min(4, args.rows - n); j++) {
      const to = args.out + (<usize>panel << 5) + <usize>(n + j) * args.outStride;
      const value = edge + (<usize>j << 5);
      storeFirst(to, v128.load(value), columns);
      if (columns > 4) storeFirst(to + 16, v128.load(value, 16), columns - 4);
    }
  }
}

/** bias[m] = sum over k of a[m / 8][k][m % 8]. */
function sumRows(args: ProductArgs, panel: i32): void {
  let from = args.a + <usize>panel * args.aStride;
  const end = from + (<usize>args.depth << 5);
  let low = f32x4.splat(0), high = low;
  while (from < end) {
    low = f32x4.add(low, v128.load(from));
    high = f32x4.add(high, v128.load(from, 16));
    from += 32;
  }
  const out = args.bias + (<usize>panel << 5), columns = args.columns - (panel << 3);
  storeFirst(out, low, columns);
  if (columns > 4) storeFirst(out + 16, high, columns - 4);
}
