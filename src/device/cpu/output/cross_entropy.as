/** Softmax, the most probable characters, cross-entropy and its gradient, of one panel of 8 examples. */
import { exp } from "../activation/activation";
import { lanesToRows } from "../matmul/transpose";
import { OutputArgs } from "../structs";

/** The host's natural logarithm; it is called once per character. */
@external("env", "log")
declare function log(x: f64): f64;

/**
 * p = softmax(logits);  loss = -Σ log p[target];  dLogits = (p - oneHot(target)) / (B T)
 *
 * @param logits lanes of every time step; with `train` they become dLogits, which is 0 for lanes without an example
 * @param targets uint8 (T, 8)
 * @param examples number of lanes with an example
 */
export function finishPanel(args: OutputArgs, logits: usize, targets: usize, panel: i32, examples: i32, train: i32): void {
  let loss: f64 = 0, correct = 0;
  let wrong = 0; // one bit for each lane
  for (let t = 0; t < args.steps; t++) {
    const x = logits + <usize>t * args.logitStep, target = targets + (<usize>t << 3);
    for (let half = 0; half < 8; half += 4) {
      const from = x + (<usize>half << 2), lanes = min(4, examples - half);
      if (lanes <= 0) {
        if (train) clearLanes(from, args.classes);
        continue;
      }
      const most = largest(from, args.classes), answer = firstOf(from, args.classes, most);
      const wanted = args.sums ? i32.load(target + <usize>half) : 0; // the targets of 4 lanes
      if (args.sums) {
        for (let lane = 0; lane < lanes; lane++) {
          const index = (wanted >> (lane << 3)) & 255;
          const logit = f32.load(from + (<usize>index << 5) + (<usize>lane << 2));
          const right = <i32>(laneOf(answer, lane) == index && logit == floatOf(most, lane));
          correct += right;
          wrong |= (1 - right) << (half + lane);
          loss -= <f64>(logit - floatOf(most, lane));
        }
      }
      const sum = exponentials(from, args.classes, most), share = f32x4.div(f32x4.splat(1), sum);
      if (args.sums) {
        for (let lane = 0; lane < lanes; lane++) loss += log(<f64>floatOf(sum, lane));
      }
      if (args.answers) writeAnswers(args, (panel << 3) + half, t, lanes, answer, share);
      if (train) {
        differentiate(from, args.classes, share, wanted, f32x4.splat(args.scale), lanes);
      } else if (args.probabilities) {
        scale(from, args.classes, share);
      }
    }
    if (args.probabilities) writeProbabilities(args, x, panel, t, examples);
  }
  if (args.sums == 0) return;
  const sums = args.sums + <usize>panel * 24;
  f64.store(sums, loss);
  f64.store(sums, <f64>correct, 8);
  f64.store(sums, <f64>(examples - popcnt(wrong)), 16);
}

@inline
function laneOf(value: v128, lane: i32): i32 {
  return lane == 0 ? i32x4.extract_lane(value, 0) : lane == 1 ? i32x4.extract_lane(value, 1)
    : lane == 2 ? i32x4.extract_lane(value, 2) : i32x4.extract_lane(value, 3);
}

@inline
function floatOf(value: v128, lane: i32): f32 {
  return reinterpret<f32>(laneOf(value, lane));
}

function largest(x: usize, count: i32): v128 {
  let most = v128.load(x);
  for (let i = 1; i < count; i++) most = f32x4.max(most, v128.load(x + (<usize>i << 5)));
  return most;
}

/** Index of the first value that equals `most`, as in argMax. NaN equals no value; then it is 0. */
function firstOf(x: usize, count: i32, most: v128): v128 {
  let found = i32x4.splat(0);
  for (let i = count - 1; i >= 0; i--) {
    found = v128.bitselect(i32x4.splat(i), found, f32x4.eq(v128.load(x + (<usize>i << 5)), most));
  }
  return found;
}

/** x = e^(x - most); returns their sum. */
function exponentials(x: usize, count: i32, most: v128): v128 {
  let sum = f32x4.splat(0);
  for (const end = x + (<usize>count << 5); x < end; x += 32) {
    const value = exp(f32x4.sub(v128.load(x), most));
    sum = f32x4.add(sum, value);
    v128.store(x, value);
  }
  return sum;
}

function scale(x: usize, count: i32, factor: v128): void {
  for (const end = x + (<usize>count << 5); x < end; x += 32) v128.store(x, f32x4.mul(v128.load(x), factor));
}

/** x = (x · share - oneHot) · factor */
function differentiate(x: usize, count: i32, share: v128, targets: i32, factor: v128, lanes: i32): void {
  const present = v128.and(factor, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(lanes)));
  const target = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(i32x4.splat(targets)));
  const one = f32x4.splat(1);
  for (let i = 0; i < count; i++) {
    const hot = v128.and(one, i32x4.eq(target, i32x4.splat(i)));
    v128.store(x, f32x4.mul(f32x4.sub(f32x4.mul(v128.load(x), share), hot), present));
    x += 32;
  }
}

function clearLanes(x: usize, count: i32): void {
  for (const end = x + (<usize>count << 5); x < end; x += 32) v128.store(x, f32x4.splat(0));
}

/** Writes the most probable characters of some examples at a time step, and their probabilities: e^0 / sum. */
function writeAnswers(args: OutputArgs, example: i32, step: i32, lanes: i32, answer: v128, share: v128): void {
  for (let lane = 0; lane < lanes; lane++) {
    const at = <usize>(example + lane) * <usize>args.steps + <usize>step;
    store<u8>(args.answers + at, <u8>laneOf(answer, lane));
    if (args.confidence) f32.store(args.confidence + (at << 2), floatOf(share, lane));
  }
}

function writeProbabilities(args: OutputArgs, from: usize, panel: i32, step: i32, examples: i32): void {
  const row = <usize>args.classes << 2, stride = row * <usize>args.steps;
  lanesToRows(from, args.classes, args.probabilities + <usize>(panel << 3) * stride + <usize>step * row, stride, examples);
}
