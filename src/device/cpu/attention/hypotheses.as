/** Answers that a search chooses itself: sources are encoded once, and beginnings of answers go on from their states in memory. */
import { exponentials, largest, scale } from "../output/cross_entropy";
import { denseForwardStep } from "../output/dense";
import { gatherToLanes, lanesToRows } from "../matmul/transpose";
import { cellsAt, LSTM, statesAt } from "../recurrent/layer";
import { AttentionArgs, AttentionRowsArgs, HypothesesArgs, OutputArgs, VectorArgs } from "../structs";
import { beginDecoder, decodeStep } from "./decoder";
import { encodeForward, layerOf } from "./encoder";
import { gatherPanel } from "./panel";
import { outputsAt, spanOf } from "./vectors";

/** Encodes 8 sources: writes the encoder's states, and the states with which the decoder begins. Positions without a state are not written. */
export function encodeSources(hypotheses: HypothesesArgs, task: i32, self: i32): void {
  const args = changetype<AttentionRowsArgs>(hypotheses.rows), work = workOf(args, task, self);
  const span = spanOf(args, task), example = task << 3, count = min(8, args.examples - example);
  gatherPanel(args, work, task);
  encodeForward(args, work, task, 1);
  beginDecoder(args, work, task);
  const encoded = changetype<VectorArgs>(changetype<AttentionArgs>(args.attention).encoded), H = encoded.size;
  const row = <usize>H << 2, stride = row * <usize>args.inputLength;
  for (let s = 0; s < span.steps; s++) {
    const to = hypotheses.encoded + <usize>example * stride + <usize>(span.begin + s) * row;
    lanesToRows(outputsAt(encoded, work, s), H, to, stride, count);
  }
  writeStates(hypotheses, args, work, example, count, -1);
}

@inline
function workOf(args: AttentionRowsArgs, task: i32, self: i32): usize {
  const slot = args.slots >= (args.examples + 7) >> 3 ? task : self;
  return args.work + <usize>slot * args.panelBytes;
}

/** Writes the states of the decoder after a time step: (layer, h and c, hypothesis, H). */
function writeStates(
  hypotheses: HypothesesArgs, args: AttentionRowsArgs, work: usize, example: i32, count: i32, step: i32,
): void {
  for (let k = 0; k < args.decoderLayers; k++) {
    const layer = layerOf(args.decoder, k), row = <usize>layer.hidden << 2;
    const part = <usize>args.examples * row, to = hypotheses.to + <usize>(2 * k) * part + <usize>example * row;
    lanesToRows(statesAt(layer, work, step), layer.hidden, to, row, count);
    if (layer.cell == LSTM) lanesToRows(cellsAt(layer, work, step), layer.hidden, to + part, row, count);
  }
}

/** One time step of 8 hypotheses. */
export function stepHypotheses(hypotheses: HypothesesArgs, task: i32, self: i32): void {
  const args = changetype<AttentionRowsArgs>(hypotheses.rows), work = workOf(args, task, self);
  const span = spanOf(args, task), example = task << 3, count = min(8, args.examples - example), step = hypotheses.step;
  gatherPanel(args, work, task);
  readStates(hypotheses, args, work, example, count);
  readEncoded(hypotheses, args, work, example, count);
  for (let lane = 0; lane < 8; lane++) {
    const from = hypotheses.symbols + <usize>(example + (lane < count ? lane : 0));
    store<u8>(work + args.targetCharacters + <usize>lane, step > 0 ? load<u8>(from) : 0);
  }
  decodeStep(args, work, task, 1, step, args.targetCharacters, span.steps);
  const output = changetype<OutputArgs>(args.output);
  denseForwardStep(output, work, args.panelBytes, 1, 0);
  const x = work + output.logits, row = <usize>output.classes << 2;
  for (let half: usize = 0; half < 32; half += 16) {
    const sum = exponentials(x + half, output.classes, largest(x + half, output.classes));
    scale(x + half, output.classes, f32x4.div(f32x4.splat(1), sum));
  }
  lanesToRows(x, output.classes, hypotheses.probabilities + <usize>example * row, row, count);
  writeWeights(hypotheses, args, work, example, count);
  writeStates(hypotheses, args, work, example, count, step);
}

function readStates(hypotheses: HypothesesArgs, args: AttentionRowsArgs, work: usize, example: i32, count: i32): void {
  const parents = hypotheses.parents + (<usize>example << 2);
  for (let k = 0; k < args.decoderLayers; k++) {
    const layer = layerOf(args.decoder, k), row = <usize>layer.hidden << 2;
    const part = <usize>hypotheses.fromCount * row, from = hypotheses.from + <usize>(2 * k) * part;
    readRows(from, row, parents, count, layer.hidden, statesAt(layer, work, -1));
    if (layer.cell == LSTM) readRows(from + part, row, parents, count, layer.hidden, cellsAt(layer, work, -1));
  }
}

/** Copies 8 rows into lanes. Lanes without a row get the first. @param indices numbers of the rows, uint32 */
function readRows(from: usize, row: usize, indices: usize, count: i32, features: i32, to: usize): void {
  for (let half = 0; half < 8; half += 4) {
    gatherToLanes(
      rowAt(from, row, indices, half, count), rowAt(from, row, indices, half + 1, count),
      rowAt(from, row, indices, half + 2, count), rowAt(from, row, indices, half + 3, count),
      4, features, to + (<usize>half << 2),
    );
  }
}

@inline
function rowAt(from: usize, row: usize, indices: usize, lane: i32, count: i32): usize {
  return from + <usize>load<u32>(indices + (<usize>(lane < count ? lane : 0) << 2)) * row;
}

function readEncoded(hypotheses: HypothesesArgs, args: AttentionRowsArgs, work: usize, example: i32, count: i32): void {
  const encoded = changetype<VectorArgs>(changetype<AttentionArgs>(args.attention).encoded), span = spanOf(args, example >> 3);
  const row = <usize>encoded.size << 2, stride = row * <usize>args.inputLength;
  const sources = args.order + (<usize>(args.first + example) << 2);
  for (let s = 0; s < span.steps; s++) {
    const from = hypotheses.encoded + <usize>(span.begin + s) * row;
    readRows(from, stride, sources, count, encoded.size, outputsAt(encoded, work, s));
  }
}

/** Writes how much each position was looked at. */
function writeWeights(hypotheses: HypothesesArgs, args: AttentionRowsArgs, work: usize, example: i32, count: i32): void {
  const a = changetype<AttentionArgs>(args.attention), span = spanOf(args, example >> 3), row = <usize>args.inputLength << 2;
  const to = hypotheses.attention + <usize>example * row;
  memory.fill(to, 0, row * <usize>count);
  const weights = work + a.weights + <usize>hypotheses.step * a.weightStep;
  lanesToRows(weights, span.steps, to + (<usize>span.begin << 2), row, count);
}
