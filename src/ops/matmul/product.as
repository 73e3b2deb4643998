/** A weight gradient: one product over all rows, written row-major. A task is a group of panels of 8 output columns. */
import { multiplyTile } from "./tile_8x4";
import { storeFirst } from "./transpose";

@unmanaged
class ProductArgs {
  /** The output's columns: panels of 8, `aStride` bytes apart. */
  a: usize;
  aStride: usize;
  /** The output's rows: panels of 4, `bStride` bytes apart. */
  b: usize;
  bStride: usize;
  /** Row-major; rows `outStride` bytes apart. */
  out: usize;
  outStride: usize;
  depth: i32;
  columns: i32;
  rows: i32;
  /** Panels per task. They share each read of B, which comes from memory for large batches. */
  group: i32;
  /** 128 bytes per panel, for incomplete tiles. */
  edges: usize;
}

/** Depth of one block: a panel of A and a tile of B stay in the first-level cache. */
const DEPTH_BLOCK: i32 = 512;

/** out[n][m] = sum over k of b[n / 4][k][n % 4] · a[m / 8][k][m % 8]. */
export function multiplyPanels(args: ProductArgs, task: i32): void {
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
  for (let m = first; m < last; m++) multiplyEdges(args, m, m < whole ? rows : 0);
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
