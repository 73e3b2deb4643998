/** Vectorised exp, sigmoid and tanh. Their largest errors are stated here and held by tests/ops/activation_test.ts. NaN gives NaN. */
import { multiplyAdd } from "../matmul/tile_8x4";

/**
 * e^x, for x clamped to [-87.3, 88.3]: relative error at most 1.5e-7.
 *
 *   x = n ln 2 + r, |r| <= ln 2 / 2;  e^x = 2^n (1 + r + r² p(r))
 *
 * Source: Moshier, Cephes, `expf`. Adding 1.5 · 2^23 rounds to an integer and leaves it in the low bits.
 */
@inline
export function exp(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.pmin(x, f32x4.splat(88.3)), f32x4.splat(-87.3));
  const magic = f32x4.splat(12582912);
  const shifted = multiplyAdd(clamped, f32x4.splat(1.44269504088896341), magic);
  const n = f32x4.sub(shifted, magic);
  let r = multiplyAdd(n, f32x4.splat(-0.693359375), clamped);
  r = multiplyAdd(n, f32x4.splat(2.12194440e-4), r);
  let p = multiplyAdd(f32x4.splat(1.9875691500e-4), r, f32x4.splat(1.3981999507e-3));
  p = multiplyAdd(p, r, f32x4.splat(8.3334519073e-3));
  p = multiplyAdd(p, r, f32x4.splat(4.1665795894e-2));
  p = multiplyAdd(p, r, f32x4.splat(1.6666665459e-1));
  p = multiplyAdd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(multiplyAdd(p, f32x4.mul(r, r), r), f32x4.splat(1));
  const scale = i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(0x3f800000));
  return f32x4.mul(p, scale);
}

/** 1 / (1 + e^-x): absolute error at most 2e-7. */
@inline
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/**
 * tanh x: relative error at most 4e-7.
 *
 * A rational function x p(x²) / q(x²) for |x| <= 7.905, where tanh is 1 within half a unit in the last place.
 * Source: coefficients of Eigen's `generic_fast_tanh_float` (MPL 2.0).
 */
@inline
export function tanh(value: v128): v128 {
  const x = f32x4.pmax(f32x4.pmin(value, f32x4.splat(7.90531110763549805)), f32x4.splat(-7.90531110763549805));
  const y = f32x4.mul(x, x);
  let p = multiplyAdd(y, f32x4.splat(-2.76076847742355e-16), f32x4.splat(2.00018790482477e-13));
  p = multiplyAdd(p, y, f32x4.splat(-8.60467152213735e-11));
  p = multiplyAdd(p, y, f32x4.splat(5.12229709037114e-08));
  p = multiplyAdd(p, y, f32x4.splat(1.48572235717979e-05));
  p = multiplyAdd(p, y, f32x4.splat(6.37261928875436e-04));
  p = multiplyAdd(p, y, f32x4.splat(4.89352455891786e-03));
  let q = multiplyAdd(y, f32x4.splat(1.19825839466702e-06), f32x4.splat(1.18534705686654e-04));
  q = multiplyAdd(q, y, f32x4.splat(2.26843463243900e-03));
  q = multiplyAdd(q, y, f32x4.splat(4.89352518554385e-03));
  return f32x4.div(f32x4.mul(x, p), q);
}
