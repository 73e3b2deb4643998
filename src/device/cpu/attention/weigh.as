/** The products of attention, of one panel: every lane has its own states, so they are sums over lanes side by side. */
import { multiplyAdd } from "../matmul/tile_8x4";

/** Positions of a block. */
const POSITIONS: i32 = 4;

/**
 * scores[s] = sum over f of vector[f] · states[s][f]
 *
 * @param vector lanes of `features`
 * @param states lanes of `features` for each of the positions, `stateStep` bytes apart
 * @param scores lanes of the positions, rounded up to a multiple of 4
 */
export function scoreStates(
  vector: usize, states: usize, stateStep: usize, positions: i32, features: i32, scores: usize,
): void {
  const zero = f32x4.splat(0), end = vector + (<usize>features << 5);
  for (let s = 0; s < positions; s += POSITIONS) {
    const left = positions - s;
    let e0 = states + <usize>s * stateStep;
    let e1 = left > 1 ? e0 + stateStep : e0, e2 = left > 2 ? e0 + 2 * stateStep : e0;
    let e3 = left > 3 ? e0 + 3 * stateStep : e0;
    let p0 = zero, p1 = zero, p2 = zero, p3 = zero, q0 = zero, q1 = zero, q2 = zero, q3 = zero;
    for (let v = vector; v < end; v += 32) {
      const low = v128.load(v), high = v128.load(v, 16);
      p0 = multiplyAdd(low, v128.load(e0), p0);
      q0 = multiplyAdd(high, v128.load(e0, 16), q0);
      p1 = multiplyAdd(low, v128.load(e1), p1);
      q1 = multiplyAdd(high, v128.load(e1, 16), q1);
      p2 = multiplyAdd(low, v128.load(e2), p2);
      q2 = multiplyAdd(high, v128.load(e2, 16), q2);
      p3 = multiplyAdd(low, v128.load(e3), p3);
      q3 = multiplyAdd(high, v128.load(e3, 16), q3);
      e0 += 32;
      e1 += 32;
      e2 += 32;
      e3 += 32;
    }
    const to = scores + (<usize>s << 5);
    v128.store(to, p0);
    v128.store(to, q0, 16);
    v128.store(to, p1, 32);
    v128.store(to, q1, 48);
    v128.store(to, p2, 64);
    v128.store(to, q2, 80);
    v128.store(to, p3, 96);
    v128.store(to, q3, 112);
  }
}

/**
 * to[f] = sum over s of weights[s] · vectors[s][f].
 *
 * @param weights lanes, `weightStep` bytes from s to s
 * @param vectors lanes of `features`, rounded up to a multiple of 4, `vectorStep` bytes from s to s
 * @param add 0: `to` is overwritten; else the sum is added to it
 */
export function sumWeighted(
  weights: usize, weightStep: usize, vectors: usize, vectorStep: usize, count: i32, features: i32, to: usize, add: i32,
): void {
  const end = to + (<usize>features << 5), last = weights + <usize>count * weightStep;
  let from = vectors;
  for (; to < end; to += 128) {
    let p0 = f32x4.splat(0), p1 = p0, p2 = p0, p3 = p0, q0 = p0, q1 = p0, q2 = p0, q3 = p0;
    if (add) {
      p0 = v128.load(to);
      q0 = v128.load(to, 16);
      p1 = v128.load(to, 32);
      q1 = v128.load(to, 48);
      p2 = v128.load(to, 64);
      q2 = v128.load(to, 80);
      p3 = v128.load(to, 96);
      q3 = v128.load(to, 112);
    }
    let v = from;
    for (let w = weights; w < last; w += weightStep) {
      const low = v128.load(w), high = v128.load(w, 16);
      p0 = multiplyAdd(low, v128.load(v), p0);
      q0 = multiplyAdd(high, v128.load(v, 16), q0);
      p1 = multiplyAdd(low, v128.load(v, 32), p1);
      q1 = multiplyAdd(high, v128.load(v, 48), q1);
      p2 = multiplyAdd(low, v128.load(v, 64), p2);
      q2 = multiplyAdd(high, v128.load(v, 80), q2);
      p3 = multiplyAdd(low, v128.load(v, 96), p3);
      q3 = multiplyAdd(high, v128.load(v, 112), q3);
      v += vectorStep;
    }
    v128.store(to, p0);
    v128.store(to, q0, 16);
    v128.store(to, p1, 32);
    v128.store(to, q1, 48);
    v128.store(to, p2, 64);
    v128.store(to, q2, 80);
    v128.store(to, p3, 96);
    v128.store(to, q3, 112);
    from += 128;
  }
}
