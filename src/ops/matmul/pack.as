/** Packs a weight matrix as the right-hand side of a product. A task is one panel of 4 columns. */
import { maskFirst, maskWhere, transposeBlock } from "./transpose";

@unmanaged
class PackArgs {
  from: usize;
  /** Bytes from row to row. */
  stride: usize;
  /** (ceil(columns / 4), depth, 4); missing columns are zeros. */
  to: usize;
  depth: i32;
  columns: i32;
}

/** B[k][n] = from[k][n]. */
export function packColumns(args: PackArgs, task: i32): void {
  const n = task << 2;
  const mask = maskFirst(args.columns - n);
  const stride = args.stride;
  let from = args.from + (<usize>n << 2);
  let to = args.to + <usize>task * (<usize>args.depth << 4);
  for (let k = args.depth; k > 0; k--) {
    v128.store(to, v128.and(v128.load(from), mask));
    from += stride;
    to += 16;
  }
}

/** B[k][n] = from[n][k]. */
export function packTransposed(args: PackArgs, task: i32): void {
  const n = task << 2, depth = args.depth, left = args.columns - n;
  const r0 = args.from + <usize>n * args.stride;
  const r1 = left > 1 ? r0 + args.stride : r0;
  const r2 = left > 2 ? r1 + args.stride : r0;
  const r3 = left > 3 ? r2 + args.stride : r0;
  const m1 = maskWhere(left > 1), m2 = maskWhere(left > 2), m3 = maskWhere(left > 3);
  const to = args.to + <usize>task * (<usize>depth << 4);
  let k = 0;
  for (; k + 4 <= depth; k += 4) {
    const at = <usize>k << 2;
    transposeBlock(
      v128.load(r0 + at),
      v128.and(v128.load(r1 + at), m1),
      v128.and(v128.load(r2 + at), m2),
      v128.and(v128.load(r3 + at), m3),
      to + (<usize>k << 4),
      16,
    );
  }
  for (; k < depth; k++) {
    const at = <usize>k << 2, out = to + (<usize>k << 4);
    f32.store(out, f32.load(r0 + at));
    f32.store(out + 4, left > 1 ? f32.load(r1 + at) : 0);
    f32.store(out + 8, left > 2 ? f32.load(r2 + at) : 0);
    f32.store(out + 12, left > 3 ? f32.load(r3 + at) : 0);
  }
}
