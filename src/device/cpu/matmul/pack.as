/** Packs rows of a weight matrix as right-hand sides of products with it, and with its transpose. */
import { PartArgs } from "../structs";
import { maskFirst, maskWhere, transposeBlock } from "./transpose";

/** Packs some rows of a part of a parameter. `from` is a multiple of 4. */
export function packRows(part: PartArgs, from: i32, to: i32): void {
  for (let row = from; row < to; row += 4) {
    const rows = min(4, to - row);
    if (part.forward) packForward(part, row, rows);
    if (part.transposed) packTransposed(part, row, rows);
  }
}

/** forward[column / 4][row][column % 4] = w[row][column]; missing columns are zeros. */
function packForward(part: PartArgs, row: i32, rows: i32): void {
  const stride = part.stride, step = <usize>part.rows << 4;
  let from = part.parameter + <usize>row * stride, to = part.forward + (<usize>row << 4);
  for (let left = part.columns; left > 0; left -= 4) {
    const mask = maskFirst(left);
    for (let r = 0; r < rows; r++) {
      v128.store(to + (<usize>r << 4), v128.and(v128.load(from + <usize>r * stride), mask));
    }
    from += 16;
    to += step;
  }
}

/** transposed[row / 4][column][row % 4] = w[row][column]; missing rows are zeros. */
function packTransposed(part: PartArgs, row: i32, rows: i32): void {
  const stride = part.stride, columns = part.columns;
  let r0 = part.parameter + <usize>row * stride, to = part.transposed + <usize>(row >> 2) * (<usize>columns << 4);
  let r1 = rows > 1 ? r0 + stride : r0, r2 = rows > 2 ? r0 + 2 * stride : r0, r3 = rows > 3 ? r0 + 3 * stride : r0;
  const m1 = maskWhere(rows > 1), m2 = maskWhere(rows > 2), m3 = maskWhere(rows > 3);
  let left = columns;
  for (; left >= 4; left -= 4) {
    transposeBlock(
      v128.load(r0), v128.and(v128.load(r1), m1), v128.and(v128.load(r2), m2), v128.and(v128.load(r3), m3), to, 16,
    );
    r0 += 16;
    r1 += 16;
    r2 += 16;
    r3 += 16;
    to += 64;
  }
  for (; left > 0; left--) {
    f32.store(to, f32.load(r0));
    f32.store(to + 4, rows > 1 ? f32.load(r1) : 0);
    f32.store(to + 8, rows > 2 ? f32.load(r2) : 0);
    f32.store(to + 12, rows > 3 ? f32.load(r3) : 0);
    r0 += 4;
    r1 += 4;
    r2 += 4;
    r3 += 4;
    to += 16;
  }
}
