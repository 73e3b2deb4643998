/** Vectorised exp, sigmoid and tanh. Their largest errors are stated here and tested by tests/device/cpu/activation_test.ts. NaN gives NaN. */
import { multiplyAdd } from "../matmul/tile_8x4";
import { constant } from "./constants";

/**
 * e^x, for x clamped to [-87.3, 88.3]: relative error at most 1.5e-7. Constants 0 to 12.
 *
 *   x = n ln 2 + r, |r| <= ln 2 / 2;  e^x = 2^n (1 + r + r² p(r))
 *
 * Source: Moshier, Cephes, `expf`. Adding 1.5 · 2^23 rounds to an integer and leaves it in the low bits.
 */
@inline
export function exp(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.pmin(x, constant(0)), constant(1));
  const magic = constant(2);
  const shifted = multiplyAdd(clamped, constant(3), magic);
  const n = f32x4.sub(shifted, magic);
  let r = multiplyAdd(n, constant(4), clamped);
  r = multiplyAdd(n, constant(5), r);
  let p = multiplyAdd(constant(6), r, constant(7));
  p = multiplyAdd(p, r, constant(8));
  p = multiplyAdd(p, r, constant(9));
  p = multiplyAdd(p, r, constant(10));
  p = multiplyAdd(p, r, constant(11));
  p = f32x4.add(multiplyAdd(p, f32x4.mul(r, r), r), constant(12));
  const scale = i32x4.add(i32x4.shl(shifted, 23), constant(12));
  return f32x4.mul(p, scale);
}

/** 1 / (1 + e^-x): absolute error at most 2e-7. */
@inline
export function sigmoid(x: v128): v128 {
  const one = constant(12);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/**
 * tanh x: relative error at most 4e-7. Constants 13 to 25.
 *
 * A rational function x p(x²) / q(x²) for |x| <= 7.905, where tanh is 1 within half a unit in the last place.
 * Source: coefficients of Eigen's `generic_fast_tanh_float` (MPL 2.0).
 */
@inline
export function tanh(value: v128): v128 {
  const x = f32x4.pmax(f32x4.pmin(value, constant(13)), constant(14));
  const y = f32x4.mul(x, x);
  let p = multiplyAdd(y, constant(15), constant(16));
  p = multiplyAdd(p, y, constant(17));
  p = multiplyAdd(p, y, constant(18));
  p = multiplyAdd(p, y, constant(19));
  p = multiplyAdd(p, y, constant(20));
  p = multiplyAdd(p, y, constant(21));
  let q = multiplyAdd(y, constant(22), constant(23));
  q = multiplyAdd(q, y, constant(24));
  q = multiplyAdd(q, y, constant(25));
  return f32x4.div(f32x4.mul(x, p), q);
}
