/** The decoder of some panels, one time step after the other. */
import { multiplyLanes } from "../matmul/tile_8x4";
import { cellsAt, dStatesAt, gatesAt, laneBytes, LSTM, statesAt } from "../recurrent/layer";
import { advanceStep, carryBack, reverseCells } from "../recurrent/recurrent";
import { AttentionRowsArgs, RecurrentArgs } from "../structs";
import { attendBackward, attendForward } from "./attend";
import { addLanes, emitBefore, emitGates, layerOf } from "./encoder";
import {
  dOutputsAt, dropGradient, dropVectors, emitLookUp, emitVectors, lookUp, outputsAt, spanOf, targetRow, vectorsOf,
} from "./vectors";

/** Every layer begins with the last states of the encoder's last layer. */
export function beginDecoder(args: AttentionRowsArgs, work: usize, panel: i32): void {
  const directions = args.directions, last = spanOf(args, panel).steps - 1;
  for (let k = 0; k < args.decoderLayers; k++) {
    const layer = layerOf(args.decoder, k);
    for (let d = 0; d < directions; d++) {
      const from = layerOf(args.encoder, (args.encoderLayers - 1) * directions + d), step = d == 1 ? 0 : last;
      const bytes = <usize>from.hidden << 5, offset = <usize>d * bytes;
      memory.copy(statesAt(layer, work, -1) + offset, statesAt(from, work, step), bytes);
      if (layer.cell == LSTM) memory.copy(cellsAt(layer, work, -1) + offset, cellsAt(from, work, step), bytes);
    }
  }
}

/** From the symbols before to the output of a time step. @param before uint8 (8) in every workspace: an offset; not read at the first */
export function decodeStep(
  args: AttentionRowsArgs, work: usize, first: i32, panels: i32, step: i32, before: usize, steps: i32,
): void {
  const stride = args.panelBytes, embedding = vectorsOf(args.targetEmbedding, 0);
  for (let p = 0; p < panels; p++) {
    const at = work + <usize>p * stride, to = outputsAt(embedding, at, step);
    if (step == 0) {
      memory.fill(to, 0, laneBytes(embedding.size));
    } else {
      lookUp(embedding, at, step, at + before);
      dropVectors(args, embedding, at, to, step, step);
    }
    if (args.train) emitVectors(embedding, at, step, targetRow(args, first + p, step));
  }
  for (let k = 0; k < args.decoderLayers; k++) {
    const layer = layerOf(args.decoder, k), outputs = vectorsOf(args.decoderVectors, k);
    advanceStep(layer, work, stride, panels, step, step - 1);
    for (let p = 0; p < panels; p++) {
      const at = work + <usize>p * stride;
      dropVectors(args, outputs, at, statesAt(layer, at, step), step, step);
      const row = args.train ? targetRow(args, first + p, step) : -1;
      if (row < 0) continue;
      emitBefore(layer, at, step - 1, row);
      emitVectors(outputs, at, step, row);
    }
  }
  attendForward(args, work, first, panels, step, steps);
}

/** Before the last time step goes back: no later one has left a gradient. */
export function beginDecoderBackward(args: AttentionRowsArgs, work: usize): void {
  for (let k = 0; k < args.decoderLayers; k++) {
    const layer = layerOf(args.decoder, k), bytes = laneBytes(layer.hidden);
    memory.fill(dStatesAt(layer, work, 0), 0, bytes);
    if (layer.cell == LSTM) memory.fill(work + layer.carried, 0, bytes);
  }
}

/** From the gradient of the output of a time step to dz of every layer, and what the time step before gets. */
export function decodeStepBackward(args: AttentionRowsArgs, work: usize, first: i32, panels: i32, step: i32): void {
  const stride = args.panelBytes, top = layerOf(args.decoder, args.decoderLayers - 1);
  attendBackward(args, work, first, panels, step, dStatesAt(top, work, step));
  for (let k = args.decoderLayers - 1; k >= 0; k--) {
    const layer = layerOf(args.decoder, k);
    reverseCells(layer, work, stride, panels, step, step - 1, false);
    for (let p = 0; p < panels; p++) {
      const row = targetRow(args, first + p, step);
      if (row >= 0) emitGates(layer, work + <usize>p * stride, step, row);
    }
    inputBackward(args, layer, k, work, first, panels, step);
    carryBack(layer, work, stride, panels, step, step, 0);
  }
}

/** The gradient of the input of a layer at a time step. */
function inputBackward(
  args: AttentionRowsArgs, layer: RecurrentArgs, index: i32, work: usize, first: i32, panels: i32, step: i32,
): void {
  const stride = args.panelBytes, z = gatesAt(layer, work, step);
  const inputs = index == 0 ? vectorsOf(args.targetEmbedding, 0) : vectorsOf(args.decoderVectors, index - 1);
  const dx = dOutputsAt(inputs, work, step), isFirst = index == 0 && step == 0;
  if (!isFirst) multiplyLanes(z, stride, layer.transposedKernel, dx, stride, panels, layer.width, inputs.size, 0);
  for (let p = 0; p < panels; p++) {
    const at = work + <usize>p * stride, gradient = dOutputsAt(inputs, at, step);
    if (isFirst) {
      memory.fill(gradient, 0, laneBytes(inputs.size));
    } else {
      dropGradient(args, inputs, at, gradient, step);
    }
    if (index > 0) {
      addLanes(gradient, dStatesAt(layerOf(args.decoder, index - 1), at, step), inputs.size);
    } else {
      const before = at + args.targetCharacters + (<usize>(isFirst ? step : step - 1) << 3);
      emitLookUp(inputs, gradient, before, targetRow(args, first + p, step));
    }
  }
}

/** After the first time step went back: the gradient of the encoder's last states. */
export function endDecoderBackward(args: AttentionRowsArgs, work: usize): void {
  const dLast = work + args.dLast;
  for (let k = 0; k < args.decoderLayers; k++) {
    const layer = layerOf(args.decoder, k), bytes = laneBytes(layer.hidden);
    if (k == 0) memory.fill(dLast, 0, 2 * bytes);
    addLanes(dStatesAt(layer, work, 0), dLast, layer.hidden);
    if (layer.cell == LSTM) addLanes(work + layer.carried, dLast + bytes, layer.hidden);
  }
}
