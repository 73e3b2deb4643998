/**
 * Copies between row-major matrices, "lanes" and panels.
 *
 * Lanes hold 8 rows of a matrix side by side: (features, 8), element [f][l] is feature f of row l. A panel holds 8 (or 4) features side by
 * side: (rows, 8). Lanes are written in whole groups of 4 features, so their buffers are rounded up to a multiple of 4.
 */

/** Reads four vectors of 4 and writes their transpose, `stride` bytes apart. */
@inline
export function transposeBlock(a: v128, b: v128, c: v128, d: v128, to: usize, stride: usize): void {
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
  v128.store(to + stride, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7));
  v128.store(to + 2 * stride, v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5));
  v128.store(to + 3 * stride, v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7));
}

/** Reads four vectors of 4 and adds their transpose to what lies `stride` bytes apart. */
@inline
export function transposeAdding(a: v128, b: v128, c: v128, d: v128, to: usize, stride: usize): void {
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  addTo(to, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
  addTo(to + stride, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7));
  addTo(to + 2 * stride, v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5));
  addTo(to + 3 * stride, v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7));
}

@inline
function addTo(to: usize, value: v128): void {
  v128.store(to, f32x4.add(v128.load(to), value));
}

/** All bits 1 if the condition holds, else all 0. */
@inline
export function maskWhere(condition: bool): v128 {
  return i32x4.splat(condition ? -1 : 0);
}

/** All bits 1 in the first `count` lanes, 0 in the others. */
@inline
export function maskFirst(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

/** Writes the first `count` lanes of a vector. */
@inline
export function storeFirst(to: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, value);
    return;
  }
  if (count > 0) f32.store(to, f32x4.extract_lane(value, 0));
  if (count > 1) f32.store(to + 4, f32x4.extract_lane(value, 1));
  if (count > 2) f32.store(to + 8, f32x4.extract_lane(value, 2));
}

/** Copies 8 rows, `stride` bytes apart, into lanes; rows from `rows` on count as zeros. */
export function rowsToLanes(from: usize, stride: usize, rows: i32, features: i32, to: usize): void {
  for (let half = 0; half < 8; half += 4) {
    const left = rows - half;
    const r0 = left > 0 ? from + <usize>half * stride : from;
    const r1 = left > 1 ? r0 + stride : from;
    const r2 = left > 2 ? r1 + stride : from;
    const r3 = left > 3 ? r2 + stride : from;
    gatherToLanes(r0, r1, r2, r3, left, features, to + (<usize>half << 2));
  }
}

/** Copies 4 rows into one half of lanes; rows from `rows` on count as zeros. */
@inline
export function gatherToLanes(
  r0: usize, r1: usize, r2: usize, r3: usize, rows: i32, features: i32, to: usize,
): void {
  const m0 = maskWhere(rows > 0), m1 = maskWhere(rows > 1), m2 = maskWhere(rows > 2), m3 = maskWhere(rows > 3);
  for (let f = 0; f < features; f += 4) {
    const at = <usize>f << 2;
    transposeBlock(
      v128.and(v128.load(r0 + at), m0),
      v128.and(v128.load(r1 + at), m1),
      v128.and(v128.load(r2 + at), m2),
      v128.and(v128.load(r3 + at), m3),
      to + (<usize>f << 5),
      32,
    );
  }
}

/** Copies lanes into the first `rows` of 8 rows, `stride` bytes apart; the other rows are not written. */
export function lanesToRows(from: usize, features: i32, to: usize, stride: usize, rows: i32): void {
  for (let half = 0; half < min(8, rows); half += 4) {
    const left = rows - half;
    for (let f = 0; f < features; f += 4) {
      const at = from + (<usize>f << 5) + (<usize>half << 2);
      const out = to + <usize>half * stride + (<usize>f << 2);
      const a = v128.load(at), b = v128.load(at, 32), c = v128.load(at, 64), d = v128.load(at, 96);
      const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      const count = features - f;
      storeFirst(out, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5), count);
      if (left > 1) storeFirst(out + stride, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), count);
      if (left > 2) storeFirst(out + 2 * stride, v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5), count);
      if (left > 3) storeFirst(out + 3 * stride, v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7), count);
    }
  }
}

/** Adds lanes to the first `rows` of 8 rows, `stride` bytes apart. */
export function addLanesToRows(from: usize, features: i32, to: usize, stride: usize, rows: i32): void {
  for (let lane = 0; lane < rows; lane++) {
    let value = from + (<usize>lane << 2), out = to + <usize>lane * stride;
    for (let f = 0; f < features; f++) {
      f32.store(out, f32.load(out) + f32.load(value));
      value += 32;
      out += 4;
    }
  }
}

/** Copies lanes into panels of 8 features: to[f / 8][lane][8], panels `panelStride` bytes apart. */
export function lanesToPanels8(from: usize, features: i32, to: usize, panelStride: usize): void {
  for (let f = 0; f < features; f += 8) {
    const out = to + <usize>(f >> 3) * panelStride;
    transposeLanes(from + (<usize>f << 5), out, 32);
    if (f + 4 < features) transposeLanes(from + (<usize>(f + 4) << 5), out + 16, 32);
  }
}

/** Copies lanes into panels of 4 features: to[f / 4][lane][4], panels `panelStride` bytes apart. */
export function lanesToPanels4(from: usize, features: i32, to: usize, panelStride: usize): void {
  for (let f = 0; f < features; f += 4) {
    transposeLanes(from + (<usize>f << 5), to + <usize>(f >> 2) * panelStride, 16);
  }
}

/** Transposes 4 features of 8 lanes into 8 rows of 4. */
@inline
function transposeLanes(from: usize, to: usize, stride: usize): void {
  transposeBlock(v128.load(from), v128.load(from, 32), v128.load(from, 64), v128.load(from, 96), to, stride);
  transposeBlock(
    v128.load(from, 16), v128.load(from, 48), v128.load(from, 80), v128.load(from, 112), to + 4 * stride, stride,
  );
}
