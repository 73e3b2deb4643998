/** Adam over all parameters, which also packs them for the next step. Equations: ../optimizer.ts. */
import { packRows } from "./matmul/pack";
import { storeFirst } from "./matmul/transpose";
import { AdamArgs, PartArgs, SquaresArgs } from "./structs";

/** A task is one chunk of the values. */
export function sumSquares(args: SquaresArgs, task: i32, self: i32): void {
  const first = <usize>task * <usize>args.chunk, last = min(first + <usize>args.chunk, <usize>args.count);
  let low = f64x2.splat(0), high = low;
  let at = args.values + (first << 2);
  const end = args.values + (last << 2);
  for (; at + 16 <= end; at += 16) {
    const values = v128.load(at);
    const a = f64x2.promote_low_f32x4(values);
    const b = f64x2.promote_low_f32x4(v128.shuffle<f32>(values, values, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const lanes = f64x2.add(low, high);
  let sum = f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1);
  for (; at < end; at += 4) sum += <f64>f32.load(at) * <f64>f32.load(at);
  f64.store(args.sums + (<usize>task << 3), sum);
}

/** A task is some rows of one part of a parameter. */
export function updateParameters(args: AdamArgs, task: i32, self: i32): void {
  const part = partOf(args.parts, task), clipping = clippingFactor(args);
  const first = (task - part.firstTask) * part.taskRows, last = min(first + part.taskRows, part.rows);
  for (let row = first; row < last; row++) updateRow(args, part, <usize>row * part.stride, clipping);
  packRows(part, first, last);
}

/** min(1, clipNorm / ‖all gradients‖). Every task adds the sums in the same order. */
function clippingFactor(args: AdamArgs): f32 {
  if (args.clipNorm == 0) return 1;
  let sum: f64 = 0;
  for (let i = 0; i < args.squareCount; i++) sum += f64.load(args.squares + (<usize>i << 3));
  const most = <f64>args.clipNorm;
  return <f32>(most / max(sqrt(sum), most));
}

function updateRow(args: AdamArgs, part: PartArgs, at: usize, factor: f32): void {
  const alpha = f32x4.splat(args.alpha), epsilon = f32x4.splat(args.epsilon), clipping = f32x4.splat(factor);
  const decay = f32x4.splat(part.decays ? args.decay : 1);
  const firstRate = f32x4.splat(args.firstRate), secondRate = f32x4.splat(args.secondRate);
  let parameter = part.parameter + at, gradient = part.gradient + at, first = part.m + at, second = part.v + at;
  for (let left = part.columns; left > 0; left -= 4) {
    const g = f32x4.mul(v128.load(gradient), clipping);
    let m = v128.load(first), v = v128.load(second);
    m = f32x4.add(m, f32x4.mul(f32x4.sub(g, m), firstRate));
    v = f32x4.add(v, f32x4.mul(f32x4.sub(f32x4.mul(g, g), v), secondRate));
    const change = f32x4.div(f32x4.mul(m, alpha), f32x4.add(f32x4.sqrt(v), epsilon));
    const value = f32x4.sub(f32x4.mul(v128.load(parameter), decay), change);
    if (left >= 4) {
      v128.store(first, m);
      v128.store(second, v);
      v128.store(parameter, value);
    } else {
      storeFirst(first, m, left);
      storeFirst(second, v, left);
      storeFirst(parameter, value, left);
    }
    parameter += 16;
    gradient += 16;
    first += 16;
    second += 16;
  }
}

/** Gives the part of a task; a sentinel follows the last part. */
export function partOf(parts: usize, task: i32): PartArgs {
  while (changetype<PartArgs>(parts + offsetof<PartArgs>()).firstTask <= task) parts += offsetof<PartArgs>();
  return changetype<PartArgs>(parts);
}
