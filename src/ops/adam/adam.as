/** Adam over all parameters. A task is one chunk of one parameter. Equations: adam.ts. */
import { storeFirst } from "../matmul/transpose";

/** Values per chunk. */
const CHUNK: i32 = 4096;

@unmanaged
class AdamArgs {
  alpha: f32;
  /** 1 - beta1 */
  firstRate: f32;
  /** 1 - beta2 */
  secondRate: f32;
  epsilon: f32;
  /** Factor of the gradients. */
  clipping: f32;
  /** One struct per parameter. */
  tensors: usize;
  /** Sums of squares, float64 (tasks). */
  sums: usize;
}

@unmanaged
class AdamTensor {
  /** Number of the parameter's first chunk. */
  firstChunk: i32;
  count: i32;
  parameter: usize;
  m: usize;
  v: usize;
  gradient: usize;
  /** Factor of the parameter. */
  decay: f32;
}

/** Gives the tensor of a chunk; a sentinel follows the last tensor. */
function tensorOf(args: AdamArgs, task: i32): AdamTensor {
  let at = args.tensors;
  while (changetype<AdamTensor>(at + offsetof<AdamTensor>()).firstChunk <= task) at += offsetof<AdamTensor>();
  return changetype<AdamTensor>(at);
}

export function sumSquares(args: AdamArgs, task: i32): void {
  const tensor = tensorOf(args, task), first = (task - tensor.firstChunk) * CHUNK;
  const last = min(first + CHUNK, tensor.count);
  let sum: f64 = 0, other: f64 = 0;
  let at = tensor.gradient + (<usize>first << 2);
  const end = tensor.gradient + (<usize>last << 2);
  for (; at + 8 <= end; at += 8) {
    const a = <f64>f32.load(at), b = <f64>f32.load(at, 4);
    sum += a * a;
    other += b * b;
  }
  if (at < end) sum += <f64>f32.load(at) * <f64>f32.load(at);
  f64.store(args.sums + (<usize>task << 3), sum + other);
}

export function updateParameters(args: AdamArgs, task: i32): void {
  const tensor = tensorOf(args, task), first = (task - tensor.firstChunk) * CHUNK;
  const last = min(first + CHUNK, tensor.count);
  const alpha = f32x4.splat(args.alpha), epsilon = f32x4.splat(args.epsilon), decay = f32x4.splat(tensor.decay);
  const clipping = f32x4.splat(args.clipping);
  const firstRate = f32x4.splat(args.firstRate), secondRate = f32x4.splat(args.secondRate);
  for (let i = first; i < last; i += 4) {
    const at = <usize>i << 2, count = last - i;
    const g = f32x4.mul(v128.load(tensor.gradient + at), clipping);
    let m = v128.load(tensor.m + at), v = v128.load(tensor.v + at);
    m = f32x4.add(m, f32x4.mul(f32x4.sub(g, m), firstRate));
    v = f32x4.add(v, f32x4.mul(f32x4.sub(f32x4.mul(g, g), v), secondRate));
    const change = f32x4.div(f32x4.mul(m, alpha), f32x4.add(f32x4.sqrt(v), epsilon));
    storeFirst(tensor.m + at, m, count);
    storeFirst(tensor.v + at, v, count);
    storeFirst(tensor.parameter + at, f32x4.sub(f32x4.mul(v128.load(tensor.parameter + at), decay), change), count);
  }
}
