/** Softmax, the most probable characters, cross-entropy and its gradient, of one panel of 8 examples. */
import { exp } from "../activation/activation";
import { lanesToRows, maskFirst } from "../matmul/transpose";
import { OutputArgs } from "../structs";

/** The host's natural logarithm; it is called once per character. */
@external("env", "log")
declare function log(x: f64): f64;

/**
 * Takes all time steps of a panel with the notebook's loss, the sum over all of them: see `finishStep`.
 *
 * @param logits lanes of every time step
 * @param targets uint8 (T, 8)
 */
export function finishPanel(args: OutputArgs, logits: usize, targets: usize, panel: i32, examples: i32, train: i32): void {
  beginSums(args, panel);
  let wrong = 0;
  for (let t = 0; t < args.steps; t++) {
    const x = logits + <usize>t * args.logitStep;
    wrong |= finishStep(args, x, targets + (<usize>t << 3), 0, panel, t, examples, train);
  }
  endSums(args, panel, examples, wrong);
}

/** Begins the sums of a panel. */
export function beginSums(args: OutputArgs, panel: i32): void {
  if (args.sums) memory.fill(args.sums + <usize>panel * 24, 0, 24);
}

/** Ends the sums of a panel. @param wrong one bit for each lane with a wrong character */
export function endSums(args: OutputArgs, panel: i32, examples: i32, wrong: i32): void {
  if (args.sums) f64.store(args.sums + <usize>panel * 24, <f64>(examples - popcnt(wrong)), 16);
}

/**
 * p = softmax(logits);  loss = -(1 - ε) log p[target] - ε mean over V of log p
 * dLogits = (p - (1 - ε) oneHot(target) - ε / V) · scale
 *
 * @param x lanes of the logits of one time step; with `train` they become dLogits, which is 0 for lanes without an example
 * @param target uint8 (8)
 * @param counted number of counted time steps of each lane, int32 (8); what is not counted adds nothing, and its dLogits is 0. 0: all count
 * @param examples number of lanes with an example
 * @returns one bit for each lane with a wrong character
 */
export function finishStep(
  args: OutputArgs, x: usize, target: usize, counted: usize, panel: i32, step: i32, examples: i32, train: i32,
): i32 {
  const sums = args.sums ? args.sums + <usize>panel * 24 : 0, classes = args.classes, smoothing = args.smoothing;
  let loss: f64 = sums ? f64.load(sums) : 0, correct = 0, wrong = 0;
  for (let half = 0; half < 8; half += 4) {
    const from = x + (<usize>half << 2), lanes = min(4, examples - half);
    if (lanes <= 0) {
      if (train) clearLanes(from, classes);
      continue;
    }
    const most = largest(from, classes), answer = firstOf(from, classes, most);
    const wanted = sums ? i32.load(target + <usize>half) : 0; // the targets of 4 lanes
    const counts = counted ? counted + (<usize>half << 2) : 0;
    const mean = sums && smoothing > 0 ? meanOf(from, classes) : most;
    if (sums) {
      for (let lane = 0; lane < lanes; lane++) {
        if (!isCounted(counts, lane, step)) continue;
        const index = (wanted >> (lane << 3)) & 255;
        const logit = f32.load(from + (<usize>index << 5) + (<usize>lane << 2));
        const right = <i32>(laneOf(answer, lane) == index && logit == floatOf(most, lane));
        correct += right;
        wrong |= (1 - right) << (half + lane);
        loss -= <f64>(logit - floatOf(most, lane));
        if (smoothing > 0) loss += <f64>(smoothing * (logit - floatOf(mean, lane)));
      }
    }
    const sum = exponentials(from, classes, most), share = f32x4.div(f32x4.splat(1), sum);
    if (sums) {
      for (let lane = 0; lane < lanes; lane++) {
        if (isCounted(counts, lane, step)) loss += log(<f64>floatOf(sum, lane));
      }
    }
    if (args.answers) writeAnswers(args, (panel << 3) + half, step, lanes, answer, share);
    if (train) {
      let factor = v128.and(f32x4.splat(args.scale), maskFirst(lanes));
      if (counts) factor = v128.and(factor, i32x4.gt_s(v128.load(counts), i32x4.splat(step)));
      differentiate(from, classes, share, wanted, factor, smoothing);
    } else if (args.probabilities) {
      scale(from, classes, share);
    }
  }
  if (args.probabilities) writeProbabilities(args, x, panel, step, examples);
  if (sums == 0) return wrong;
  f64.store(sums, loss);
  f64.store(sums, f64.load(sums, 8) + <f64>correct, 8);
  return wrong;
}

@inline
function isCounted(counts: usize, lane: i32, step: i32): bool {
  return counts == 0 || step < i32.load(counts + (<usize>lane << 2));
}

@inline
export function laneOf(value: v128, lane: i32): i32 {
  return lane == 0 ? i32x4.extract_lane(value, 0) : lane == 1 ? i32x4.extract_lane(value, 1)
    : lane == 2 ? i32x4.extract_lane(value, 2) : i32x4.extract_lane(value, 3);
}

@inline
export function floatOf(value: v128, lane: i32): f32 {
  return reinterpret<f32>(laneOf(value, lane));
}

export function largest(x: usize, count: i32): v128 {
  let most = v128.load(x);
  for (let i = 1; i < count; i++) most = f32x4.max(most, v128.load(x + (<usize>i << 5)));
  return most;
}

/** Index of the first value that equals `most`, as in argMax. NaN equals no value; then it is 0. */
export function firstOf(x: usize, count: i32, most: v128): v128 {
  let found = i32x4.splat(0);
  for (let i = count - 1; i >= 0; i--) {
    found = v128.bitselect(i32x4.splat(i), found, f32x4.eq(v128.load(x + (<usize>i << 5)), most));
  }
  return found;
}

/** x = e^(x - most); returns their sum. */
export function exponentials(x: usize, count: i32, most: v128): v128 {
  let sum = f32x4.splat(0);
  for (const end = x + (<usize>count << 5); x < end; x += 32) {
    const value = exp(f32x4.sub(v128.load(x), most));
    sum = f32x4.add(sum, value);
    v128.store(x, value);
  }
  return sum;
}

function meanOf(x: usize, count: i32): v128 {
  let sum = f32x4.splat(0);
  for (let i = 0; i < count; i++) sum = f32x4.add(sum, v128.load(x + (<usize>i << 5)));
  return f32x4.div(sum, f32x4.splat(<f32>count));
}

export function scale(x: usize, count: i32, factor: v128): void {
  for (const end = x + (<usize>count << 5); x < end; x += 32) v128.store(x, f32x4.mul(v128.load(x), factor));
}

/** x = (x · share - (1 - smoothing) oneHot - smoothing / count) · factor */
function differentiate(x: usize, count: i32, share: v128, targets: i32, factor: v128, smoothing: f32): void {
  const target = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(i32x4.splat(targets)));
  const each = <f64>smoothing / <f64>count;
  const cold = f32x4.splat(<f32>each), hot = f32x4.splat(<f32>(1 - <f64>smoothing + each));
  for (let i = 0; i < count; i++) {
    const wanted = v128.bitselect(hot, cold, i32x4.eq(target, i32x4.splat(i)));
    v128.store(x, f32x4.mul(f32x4.sub(f32x4.mul(v128.load(x), share), wanted), factor));
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
