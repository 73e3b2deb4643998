/** Answers of some panels: each symbol is the most probable one after those before it. */
import { exponentials, firstOf, floatOf, laneOf, largest, scale } from "../output/cross_entropy";
import { denseForwardStep } from "../output/dense";
import { AttentionRowsArgs, OutputArgs } from "../structs";
import { beginDecoder, decodeStep } from "./decoder";
import { encodeForward } from "./encoder";
import { gatherPanel } from "./panel";
import { firstPanelOf, spanOf } from "./vectors";

/** A task is a group of panels. Nothing is written after the end symbol of an answer: what the results hold there must have been written before. */
export function answerAttentionRows(args: AttentionRowsArgs, task: i32, self: i32): void {
  const count = (args.examples + 7) >> 3, first = firstPanelOf(args, task), panels = min(args.group, count - first);
  const slot = args.slots * args.group >= count ? task : self;
  const stride = args.panelBytes, work = args.work + <usize>slot * <usize>args.group * stride;
  const output = changetype<OutputArgs>(args.output), span = spanOf(args, first);
  for (let p = 0; p < panels; p++) gatherPanel(args, work + <usize>p * stride, first + p);
  encodeForward(args, work, first, panels);
  for (let p = 0; p < panels; p++) {
    beginDecoder(args, work + <usize>p * stride, first + p);
    i32.store(work + <usize>p * stride + args.lanes, lanesOf(args, first + p));
  }
  for (let t = 0; t < args.outputLength; t++) {
    let open = 0;
    for (let p = 0; p < panels; p++) open |= i32.load(work + <usize>p * stride + args.lanes);
    if (open == 0) return;
    decodeStep(args, work, first, panels, t, args.targetCharacters + (<usize>(t - 1) << 3), span.steps);
    denseForwardStep(output, work, stride, panels, t);
    for (let p = 0; p < panels; p++) choose(args, output, work + <usize>p * stride, first + p, t);
  }
}

/** One bit for each lane with an example. */
function lanesOf(args: AttentionRowsArgs, panel: i32): i32 {
  return (1 << min(8, args.examples - (panel << 3))) - 1;
}

/** Chooses the next symbols, and writes those of answers that have not ended. */
function choose(args: AttentionRowsArgs, output: OutputArgs, work: usize, panel: i32, step: i32): void {
  const x = work + output.logits + <usize>step * output.logitStep, classes = output.classes;
  const chosen = work + args.targetCharacters + (<usize>step << 3), isOpen = i32.load(work + args.lanes);
  let open = isOpen;
  for (let half = 0; half < 8; half += 4) {
    const from = x + (<usize>half << 2);
    const most = largest(from, classes), answer = firstOf(from, classes, most);
    const sum = exponentials(from, classes, most), share = f32x4.div(f32x4.splat(1), sum);
    if (output.probabilities) scale(from, classes, share);
    for (let i = 0; i < 4; i++) {
      const lane = half + i, symbol = laneOf(answer, i);
      store<u8>(chosen + <usize>lane, <u8>symbol);
      if (((isOpen >> lane) & 1) == 0) continue;
      const at = <usize>((panel << 3) + lane) * <usize>args.outputLength + <usize>step;
      store<u8>(output.answers + at, <u8>symbol);
      if (output.confidence) f32.store(output.confidence + (at << 2), floatOf(share, i));
      if (output.probabilities) copyLane(from + (<usize>i << 2), classes, output.probabilities + at * (<usize>classes << 2));
      if (symbol == args.targetPadding) open &= ~(1 << lane);
    }
  }
  i32.store(work + args.lanes, open);
}

function copyLane(from: usize, count: i32, to: usize): void {
  for (let i = 0; i < count; i++) {
    f32.store(to, f32.load(from));
    from += 32;
    to += 4;
  }
}
