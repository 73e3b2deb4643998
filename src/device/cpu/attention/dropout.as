/** Dropout by the hash of src/random/dropout.ts, of 4 lanes at a time. */
import { AttentionRowsArgs } from "../structs";

/** Mixes the bits of four 32-bit integers. */
@inline
export function mix(x: v128): v128 {
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x7feb352d));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/** Keys of 4 rows in a step. */
@inline
export function rowKeys(stepKey: i32, rows: v128): v128 {
  return mix(i32x4.add(i32x4.splat(stepKey), i32x4.mul(rows, i32x4.splat(0x85ebca6b))));
}

/**
 * to = the values that are kept, multiplied; 0 in place of the others. `to` may be `from`. The way back is the same.
 *
 * @param keys keys of the rows, uint32 (8)
 */
export function dropLanes(args: AttentionRowsArgs, from: usize, to: usize, size: i32, keys: usize, site: i32, t: i32): void {
  const place = i32x4.splat((site * 4096 + t) * 0xc2b2ae35);
  let low = i32x4.add(v128.load(keys), place), high = i32x4.add(v128.load(keys, 16), place);
  low = mix(low);
  high = mix(high);
  const threshold = i32x4.splat(args.threshold), factor = f32x4.splat(args.keptFactor), next = i32x4.splat(0x9e3779b9);
  for (const end = from + (<usize>size << 5); from < end; from += 32) {
    const keptLow = i32x4.ge_s(i32x4.shr_u(mix(low), 8), threshold);
    const keptHigh = i32x4.ge_s(i32x4.shr_u(mix(high), 8), threshold);
    v128.store(to, v128.and(f32x4.mul(v128.load(from), factor), keptLow));
    v128.store(to, v128.and(f32x4.mul(v128.load(from, 16), factor), keptHigh), 16);
    low = i32x4.add(low, next);
    high = i32x4.add(high, next);
    to += 32;
  }
}
