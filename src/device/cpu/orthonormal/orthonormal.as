/**
 * Gram–Schmidt on float64 rows, in blocks. Most of the work is products of rows with rows. No multiply-add is fused, so that both builds
 * and all machines give the same bits.
 *
 * Rows lie `stride` bytes apart. Their length is padded with zeros to a multiple of 4.
 */
import { OrthonormalizeArgs, ReduceRowsArgs } from "../structs";

/** Rows that a task reduces, and rows by which it reduces them in one block. */
const ROWS: i32 = 16;
const PANEL: i32 = 128;
/** Values of a row in one block: the 256 KiB of a panel stay in the second-level cache. */
const BLOCK: i32 = 256;

/** x -= sum over the orthonormal rows q of (q · x) q, for each of the task's 16 rows x. One block is 128 rows q. */
export function reduceRows(args: ReduceRowsArgs, task: i32, self: i32): void {
  const first = task * ROWS, last = min(first + ROWS, args.rowCount);
  const coefficients = args.coefficients + <usize>task * (ROWS * PANEL * 8);
  for (let j = 0; j < args.doneCount; j += PANEL) {
    const done = args.done + <usize>j * args.stride, count = min(PANEL, args.doneCount - j);
    memory.fill(coefficients, 0, ROWS * PANEL * 8);
    for (let k = 0; k < args.length; k += BLOCK) {
      const bytes = <usize>min(BLOCK, args.length - k) << 3, at = <usize>k << 3;
      for (let row = first; row < last; row += 4) {
        project(args, row, last, at, bytes, done, count, coefficients + <usize>(row - first) * (PANEL * 8));
      }
    }
    for (let k = 0; k < args.length; k += BLOCK) {
      const bytes = <usize>min(BLOCK, args.length - k) << 3, at = <usize>k << 3;
      for (let row = first; row < last; row += 4) {
        subtract(args, row, last, at, bytes, done, count, coefficients + <usize>(row - first) * (PANEL * 8));
      }
    }
  }
}

/** Adds a block's part of the products of 4 rows with the orthonormal rows: coefficients[j][4] += q_j · x. */
function project(
  args: ReduceRowsArgs, row: i32, last: i32, at: usize, bytes: usize, done: usize, count: i32, coefficients: usize,
): void {
  const stride = args.stride;
  const x0 = args.rows + <usize>row * stride + at;
  const x1 = row + 1 < last ? x0 + stride : x0; // a missing row repeats the one before it
  const x2 = row + 2 < last ? x1 + stride : x1;
  const x3 = row + 3 < last ? x2 + stride : x2;
  for (let j = 0; j < count; j += 2) {
    const q0 = done + <usize>j * stride + at;
    const q1 = j + 1 < count ? q0 + stride : q0;
    let s00 = f64x2.splat(0), s01 = s00, s02 = s00, s03 = s00;
    let s10 = s00, s11 = s00, s12 = s00, s13 = s00;
    for (let k: usize = 0; k < bytes; k += 16) {
      const a = v128.load(q0 + k), b = v128.load(q1 + k);
      let x = v128.load(x0 + k);
      s00 = f64x2.add(s00, f64x2.mul(a, x));
      s10 = f64x2.add(s10, f64x2.mul(b, x));
      x = v128.load(x1 + k);
      s01 = f64x2.add(s01, f64x2.mul(a, x));
      s11 = f64x2.add(s11, f64x2.mul(b, x));
      x = v128.load(x2 + k);
      s02 = f64x2.add(s02, f64x2.mul(a, x));
      s12 = f64x2.add(s12, f64x2.mul(b, x));
      x = v128.load(x3 + k);
      s03 = f64x2.add(s03, f64x2.mul(a, x));
      s13 = f64x2.add(s13, f64x2.mul(b, x));
    }
    const to = coefficients + (<usize>j << 5);
    addPairs(to, s00, s01);
    addPairs(to + 16, s02, s03);
    addPairs(to + 32, s10, s11);
    addPairs(to + 48, s12, s13);
  }
}

/** Adds the lane sums of two vectors to two values. */
@inline
function addPairs(to: usize, a: v128, b: v128): void {
  const sums = f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3));
  v128.store(to, f64x2.add(v128.load(to), sums));
}

/** Subtracts a block's part of the projections from 4 rows: x -= sum over j of coefficients[j] q_j. */
function subtract(
  args: ReduceRowsArgs, row: i32, last: i32, at: usize, bytes: usize, done: usize, count: i32, coefficients: usize,
): void {
  const stride = args.stride;
  const x0 = args.rows + <usize>row * stride + at;
  const x1 = row + 1 < last ? x0 + stride : x0;
  const x2 = row + 2 < last ? x1 + stride : x1;
  const x3 = row + 3 < last ? x2 + stride : x2;
  const end = coefficients + (<usize>count << 5);
  for (let k: usize = 0; k < bytes; k += 32) {
    let l0 = v128.load(x0 + k), l1 = v128.load(x1 + k), l2 = v128.load(x2 + k), l3 = v128.load(x3 + k);
    let h0 = v128.load(x0 + k, 16), h1 = v128.load(x1 + k, 16);
    let h2 = v128.load(x2 + k, 16), h3 = v128.load(x3 + k, 16);
    let q = done + at + k;
    for (let c = coefficients; c < end; c += 32) {
      const low = v128.load(q), high = v128.load(q, 16);
      let s = v128.load64_splat(c);
      l0 = f64x2.sub(l0, f64x2.mul(s, low));
      h0 = f64x2.sub(h0, f64x2.mul(s, high));
      s = v128.load64_splat(c, 8);
      l1 = f64x2.sub(l1, f64x2.mul(s, low));
      h1 = f64x2.sub(h1, f64x2.mul(s, high));
      s = v128.load64_splat(c, 16);
      l2 = f64x2.sub(l2, f64x2.mul(s, low));
      h2 = f64x2.sub(h2, f64x2.mul(s, high));
      s = v128.load64_splat(c, 24);
      l3 = f64x2.sub(l3, f64x2.mul(s, low));
      h3 = f64x2.sub(h3, f64x2.mul(s, high));
      q += stride;
    }
    v128.store(x0 + k, l0);
    v128.store(x0 + k, h0, 16);
    if (row + 1 < last) {
      v128.store(x1 + k, l1);
      v128.store(x1 + k, h1, 16);
    }
    if (row + 2 < last) {
      v128.store(x2 + k, l2);
      v128.store(x2 + k, h2, 16);
    }
    if (row + 3 < last) {
      v128.store(x3 + k, l3);
      v128.store(x3 + k, h3, 16);
    }
  }
}

/** Makes a few rows orthonormal, one after the other: each is reduced twice by those before it, then divided by its length. There is one task. */
export function orthonormalizeRows(args: OrthonormalizeArgs, _task: i32, self: i32): void {
  const bytes = <usize>args.length << 3;
  for (let i = 0; i < args.count; i++) {
    const row = args.rows + <usize>i * args.stride;
    for (let pass = 0; pass < 2; pass++) {
      for (let other = args.rows; other < row; other += args.stride) {
        const scale = f64x2.splat(dot(row, other, bytes));
        for (let k: usize = 0; k < bytes; k += 16) {
          v128.store(row + k, f64x2.sub(v128.load(row + k), f64x2.mul(scale, v128.load(other + k))));
        }
      }
    }
    const norm = f64x2.splat(sqrt(dot(row, row, bytes)));
    for (let k: usize = 0; k < bytes; k += 16) v128.store(row + k, f64x2.div(v128.load(row + k), norm));
  }
}

@inline
function dot(a: usize, b: usize, bytes: usize): f64 {
  let low = f64x2.splat(0), high = low;
  for (let k: usize = 0; k < bytes; k += 32) {
    low = f64x2.add(low, f64x2.mul(v128.load(a + k), v128.load(b + k)));
    high = f64x2.add(high, f64x2.mul(v128.load(a + k, 16), v128.load(b + k, 16)));
  }
  const sums = f64x2.add(low, high);
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}
