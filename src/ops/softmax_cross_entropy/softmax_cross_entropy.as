/** Softmax, cross-entropy and correct answers in one pass over the logits. A task is several examples. Equations: softmax_cross_entropy.ts. */
import { exp } from "../activation/activation";
import { maskFirst, storeFirst } from "../matmul/transpose";

/** The host's natural logarithm; it is called once per character. */
@external("env", "log")
declare function log(x: f64): f64;

@unmanaged
class CrossEntropyArgs {
  examples: i32;
  steps: i32;
  classes: i32;
  /** Examples per task. */
  group: i32;
  /** float32 (B, T, V) */
  logits: usize;
  /** int32 (B, T) */
  targets: usize;
  /** softmax - oneHot, float32 (B, T, V) */
  difference: usize;
  /** Sums of every task, float64 (tasks, 3): loss, correct characters, correct examples. */
  sums: usize;
}

export function crossEntropy(args: CrossEntropyArgs, task: i32): void {
  const V = args.classes, T = args.steps, row = <usize>V << 2;
  const first = task * args.group, last = min(first + args.group, args.examples);
  let loss: f64 = 0;
  let characters = 0, examples = 0;
  for (let b = first; b < last; b++) {
    let right = 0;
    for (let t = 0; t < T; t++) {
      const at = <usize>(b * T + t);
      const x = args.logits + at * row, out = args.difference + at * row;
      const target = <usize>i32.load(args.targets + (at << 2)) << 2;
      const most = largest(x, V);
      const sum = exponentials(x, out, V, most);
      loss += log(<f64>sum) - <f64>(f32.load(x + target) - most);
      right += <i32>(firstOf(x, V, most) == target);
      scale(out, V, 1 / sum);
      f32.store(out + target, f32.load(out + target) - 1);
    }
    characters += right;
    examples += <i32>(right == T);
  }
  const sums = args.sums + <usize>task * 24;
  f64.store(sums, loss);
  f64.store(sums, <f64>characters, 8);
  f64.store(sums, <f64>examples, 16);
}

function largest(x: usize, count: i32): f32 {
  let most = f32.load(x);
  for (let i = 1; i < count; i++) most = max(most, f32.load(x + (<usize>i << 2)));
  return most;
}

/** Offset of the first value that equals `most`. The first of equal values counts, as in argMax; NaN equals no value. */
function firstOf(x: usize, count: i32, most: f32): usize {
  for (let i = 0; i < count; i++) {
    if (f32.load(x + (<usize>i << 2)) == most) return <usize>i << 2;
  }
  return -1;
}

/** out = e^(x - most); returns their sum, always added in the same order. */
function exponentials(x: usize, out: usize, count: i32, most: f32): f32 {
  const shift = f32x4.splat(most);
  let sum = f32x4.splat(0);
  for (let i = 0; i < count; i += 4) {
    const at = <usize>i << 2;
    const value = v128.and(exp(f32x4.sub(v128.load(x + at), shift)), maskFirst(count - i));
    sum = f32x4.add(sum, value);
    storeFirst(out + at, value, count - i);
  }
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}

function scale(out: usize, count: i32, factor: f32): void {
  for (let i = 0; i < count; i += 4) {
    const at = out + (<usize>i << 2);
    storeFirst(at, f32x4.mul(v128.load(at), f32x4.splat(factor)), count - i);
  }
}

@unmanaged
class ScaleArgs {
  from: usize;
  to: usize;
  count: i32;
  factor: f32;
}

/** to = factor · from. */
export function scaleValues(args: ScaleArgs, task: i32): void {
  for (let i = 0; i < args.count; i += 4) {
    const at = <usize>i << 2;
    storeFirst(args.to + at, f32x4.mul(v128.load(args.from + at), f32x4.splat(args.factor)), args.count - i);
  }
}
