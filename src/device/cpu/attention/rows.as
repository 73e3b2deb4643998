/**
 * Everything that is an example's own, of a network with attention, in one task: characters, encoder, decoder, loss, and back to dz of
 * every time step. A task is a group of panels of 8 examples, which share each read of the weights.
 */
import { beginSums, endSums, finishStep } from "../output/cross_entropy";
import { denseBackwardStep, denseForwardStep, emitLogits } from "../output/dense";
import { AttentionRowsArgs, OutputArgs } from "../structs";
import { encodedBackward } from "./attend";
import { beginDecoder, beginDecoderBackward, decodeStep, decodeStepBackward, endDecoderBackward } from "./decoder";
import { encodeBackward, encodeForward } from "./encoder";
import { gatherPanel } from "./panel";
import { firstPanelOf, spanOf, targetRow } from "./vectors";

export function passAttentionRows(args: AttentionRowsArgs, task: i32, self: i32): void {
  const count = (args.examples + 7) >> 3, first = firstPanelOf(args, task), panels = min(args.group, count - first);
  const slot = args.slots * args.group >= count ? task : self;
  const stride = args.panelBytes, work = args.work + <usize>slot * <usize>args.group * stride;
  const output = changetype<OutputArgs>(args.output), span = spanOf(args, first), T = span.targetSteps;
  for (let p = 0; p < panels; p++) gatherPanel(args, work + <usize>p * stride, first + p);
  encodeForward(args, work, first, panels);
  for (let p = 0; p < panels; p++) beginDecoder(args, work + <usize>p * stride, first + p);
  for (let t = 0; t < T; t++) {
    decodeStep(args, work, first, panels, t, args.targetCharacters + (<usize>(t - 1) << 3), span.steps);
    denseForwardStep(output, work, stride, panels, t);
  }
  for (let p = 0; p < panels; p++) finishTargets(args, output, work + <usize>p * stride, first + p, T);
  if (!args.train) return;
  for (let p = 0; p < panels; p++) beginDecoderBackward(args, work + <usize>p * stride);
  for (let t = T - 1; t >= 0; t--) {
    for (let p = 0; p < panels; p++) {
      const row = targetRow(args, first + p, t);
      if (row >= 0) emitLogits(output, work + <usize>p * stride, t, <usize>row);
    }
    denseBackwardStep(output, work, stride, panels, t);
    decodeStepBackward(args, work, first, panels, t);
  }
  for (let p = 0; p < panels; p++) {
    endDecoderBackward(args, work + <usize>p * stride);
    encodedBackward(args, work + <usize>p * stride, first + p);
  }
  encodeBackward(args, work, first, panels);
}

/** Loss and its gradient of every time step of a panel. */
function finishTargets(args: AttentionRowsArgs, output: OutputArgs, work: usize, panel: i32, steps: i32): void {
  const examples = min(8, args.examples - (panel << 3));
  beginSums(output, panel);
  let wrong = 0;
  for (let t = 0; t < steps; t++) {
    const logits = work + output.logits + <usize>t * output.logitStep, target = work + args.targetCharacters + (<usize>t << 3);
    wrong |= finishStep(output, logits, target, work + args.lanes, panel, t, examples, args.train);
  }
  endSums(output, panel, examples, wrong);
}
