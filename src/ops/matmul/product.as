/** A weight gradient: one product over all rows, written row-major. A task is one panel of 8 output columns. */
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
  /** 128 bytes a task, for the tiles that do not fit. */
  edges: usize;
}

const DEPTH_BLOCK: i32 = 512;

/** out[n][m] = sum over k of b[n / 4][k][n % 4] · a[m / 8][k][m % 8]. */
export function multiplyPanels(args: ProductArgs, task: i32): void {
  const a = args.a + <usize>task * args.aStride;
  const out = args.out + (<usize>task << 5);
  const columns = args.columns - (task << 3), rows = args.rows, depth = args.depth;
  const wholeRows = columns < 8 ? 0 : rows & ~3;
  for (let k = 0; k == 0 || k < depth; k += DEPTH_BLOCK) {
    const block = min(DEPTH_BLOCK, depth - k);
    for (let n = 0; n < wholeRows; n += 4) {
      const b = args.b + <usize>(n >> 2) * args.bStride + (<usize>k << 4);
      multiplyTile(a + (<usize>k << 5), b, out + <usize>n * args.outStride, args.outStride, block, k);
    }
  }
  const edge = args.edges + (<usize>task << 7);
  for (let n = wholeRows; n < rows; n += 4) {
    multiplyTile(a, args.b + <usize>(n >> 2) * args.bStride, edge, 32, depth, 0);
    for (let j = 0; j < min(4, rows - n); j++) {
      const to = out + <usize>(n + j) * args.outStride, from = edge + (<usize>j << 5);
      storeFirst(to, v128.load(from), columns);
      if (columns > 4) storeFirst(to + 16, v128.load(from + 16), columns - 4);
    }
  }
}
