/** Attention at one time step of some panels, forward and backward. Equations: `AttentionLayer` in src/network/network.ts. */
import { exp, tanh } from "../activation/activation";
import { multiplyLanes } from "../matmul/tile_8x4";
import { lanesToPanels4, lanesToPanels8 } from "../matmul/transpose";
import { fillLanes } from "../recurrent/project";
import { AttentionArgs, AttentionRowsArgs, VectorArgs } from "../structs";
import { dOutputsAt, dropGradient, dropVectors, emitVectors, outputsAt, spanOf, targetRow } from "./vectors";
import { scoreStates, sumWeighted } from "./weigh";

/** Less than any score. */
const LOWEST: f32 = -3e38;

@inline
function queryAt(a: AttentionArgs, work: usize, step: i32): usize {
  return work + a.queries + <usize>step * a.queryStep;
}

@inline
function weightsAt(a: AttentionArgs, work: usize, step: i32): usize {
  return work + a.weights + <usize>step * a.weightStep;
}

@inline
function dScoresAt(a: AttentionArgs, work: usize, step: i32): usize {
  return work + a.dScores + <usize>step * a.weightStep;
}

@inline
function contextAt(a: AttentionArgs, work: usize, step: i32): usize {
  return work + a.contexts + <usize>step * a.contextStep;
}

@inline
function combinedAt(vectors: VectorArgs, work: usize, step: i32): usize {
  return work + vectors.states + <usize>step * vectors.stateStep;
}

/** From the state of the decoder's last layer to the output of a time step. @param steps number of positions that are looked at */
export function attendForward(
  args: AttentionRowsArgs, work: usize, first: i32, panels: i32, step: i32, steps: i32,
): void {
  const a = changetype<AttentionArgs>(args.attention), stride = args.panelBytes, H = a.hidden;
  const encoded = changetype<VectorArgs>(a.encoded), decoded = changetype<VectorArgs>(a.decoded);
  const combined = changetype<VectorArgs>(a.combined);
  const h = outputsAt(decoded, work, step), y = combinedAt(combined, work, step);
  multiplyLanes(h, stride, a.score, queryAt(a, work, step), stride, panels, H, H, 0);
  for (let p = 0; p < panels; p++) {
    const at = work + <usize>p * stride, weights = weightsAt(a, at, step), states = outputsAt(encoded, at, 0);
    scoreStates(queryAt(a, at, step), states, encoded.outputStep, steps, H, weights);
    softmaxMasked(weights, at + args.masks, steps);
    sumWeighted(weights, 32, states, encoded.outputStep, steps, H, contextAt(a, at, step), 0);
    fillLanes(combinedAt(combined, at, step), a.bias, H);
  }
  multiplyLanes(contextAt(a, work, step), stride, a.context, y, stride, panels, H, H, 1);
  multiplyLanes(h, stride, a.state, y, stride, panels, H, H, 1);
  for (let p = 0; p < panels; p++) {
    const at = work + <usize>p * stride, output = combinedAt(combined, at, step);
    for (let i: usize = 0; i < <usize>H << 5; i += 16) v128.store(output + i, tanh(v128.load(output + i)));
    dropVectors(args, combined, at, output, step, step);
    const row = args.train ? targetRow(args, first + p, step) : -1;
    if (row < 0) continue;
    lanesToPanels4(contextAt(a, at, step), H, a.contextPanels + (<usize>row << 4), a.panelStride);
    emitVectors(combined, at, step, row);
  }
}

/** Scores become weights: softmax over the positions that are not masked; zeros if all are. */
function softmaxMasked(scores: usize, masks: usize, steps: i32): void {
  const end = scores + (<usize>steps << 5), apart = masks - scores;
  for (let half: usize = 0; half < 32; half += 16) {
    let most = f32x4.splat(LOWEST), sum = f32x4.splat(0);
    for (let at = scores + half; at < end; at += 32) {
      most = f32x4.max(most, v128.bitselect(v128.load(at), most, v128.load(at + apart)));
    }
    for (let at = scores + half; at < end; at += 32) {
      const value = v128.and(exp(f32x4.sub(v128.load(at), most)), v128.load(at + apart));
      sum = f32x4.add(sum, value);
      v128.store(at, value);
    }
    const share = f32x4.div(f32x4.splat(1), f32x4.max(sum, f32x4.splat(1)));
    for (let at = scores + half; at < end; at += 32) v128.store(at, f32x4.mul(v128.load(at), share));
  }
}

/**
 * From the gradient of the output of a time step to what it adds to that of the state of the decoder's last layer. The gradient of the
 * encoder's states is left for `encodedBackward`: contexts become their gradients, and those of scores are kept.
 *
 * @param dState gradient of the decoder's state, in the first workspace
 */
export function attendBackward(
  args: AttentionRowsArgs, work: usize, first: i32, panels: i32, step: i32, dState: usize,
): void {
  const a = changetype<AttentionArgs>(args.attention), stride = args.panelBytes, H = a.hidden;
  const encoded = changetype<VectorArgs>(a.encoded), combined = changetype<VectorArgs>(a.combined);
  const dy = dOutputsAt(combined, work, step), dContext = contextAt(a, work, step), steps = spanOf(args, first).steps;
  for (let p = 0; p < panels; p++) {
    const at = work + <usize>p * stride, gradient = dOutputsAt(combined, at, step);
    dropGradient(args, combined, at, gradient, step);
    tanhBackward(combinedAt(combined, at, step), gradient, H);
    const row = targetRow(args, first + p, step);
    if (row >= 0) lanesToPanels8(gradient, H, a.dCombinedPanels + (<usize>row << 5), a.panelStride << 1);
  }
  multiplyLanes(dy, stride, a.transposedContext, dContext, stride, panels, H, H, 0);
  multiplyLanes(dy, stride, a.transposedState, dState, stride, panels, H, H, 1);
  for (let p = 0; p < panels; p++) {
    const at = work + <usize>p * stride, dScores = dScoresAt(a, at, step), states = outputsAt(encoded, at, 0);
    scoreStates(contextAt(a, at, step), states, encoded.outputStep, steps, H, dScores);
    softmaxBackward(weightsAt(a, at, step), dScores, steps);
    sumWeighted(dScores, 32, states, encoded.outputStep, steps, H, at + a.dQuery, 0);
    const row = targetRow(args, first + p, step);
    if (row >= 0) lanesToPanels8(at + a.dQuery, H, a.dQueryPanels + (<usize>row << 5), a.panelStride << 1);
  }
  multiplyLanes(work + a.dQuery, stride, a.transposedScore, dState, stride, panels, H, H, 1);
}

/** dz = dy (1 - y²), in the place of dy. */
function tanhBackward(y: usize, dy: usize, size: i32): void {
  const one = f32x4.splat(1);
  for (const end = dy + (<usize>size << 5); dy < end; dy += 16) {
    const value = v128.load(y);
    v128.store(dy, f32x4.mul(v128.load(dy), f32x4.sub(one, f32x4.mul(value, value))));
    y += 16;
  }
}

/** dScore = a (da - Σ a da), in the place of da. */
function softmaxBackward(weights: usize, dWeights: usize, steps: i32): void {
  const end = weights + (<usize>steps << 5), apart = dWeights - weights;
  for (let half: usize = 0; half < 32; half += 16) {
    let sum = f32x4.splat(0);
    for (let at = weights + half; at < end; at += 32) sum = f32x4.add(sum, f32x4.mul(v128.load(at), v128.load(at + apart)));
    for (let at = weights + half; at < end; at += 32) {
      v128.store(at + apart, f32x4.mul(v128.load(at), f32x4.sub(v128.load(at + apart), sum)));
    }
  }
}

/** After all time steps: the gradient of the encoder's states, of one panel. de_s = sum over t of a_ts dContext_t + dScore_ts query_t */
export function encodedBackward(args: AttentionRowsArgs, work: usize, panel: i32): void {
  const a = changetype<AttentionArgs>(args.attention), encoded = changetype<VectorArgs>(a.encoded);
  const span = spanOf(args, panel), T = span.targetSteps;
  for (let s = 0; s < span.steps; s++) {
    const to = dOutputsAt(encoded, work, s), at = <usize>s << 5;
    sumWeighted(weightsAt(a, work, 0) + at, a.weightStep, contextAt(a, work, 0), a.contextStep, T, a.hidden, to, 0);
    sumWeighted(dScoresAt(a, work, 0) + at, a.weightStep, queryAt(a, work, 0), a.queryStep, T, a.hidden, to, 1);
  }
}
