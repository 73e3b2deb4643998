/**
 * Everything that is an example's own, in one task: characters, layers, loss, and back to dz of every time step. A task is a group of
 * panels of 8 examples, which share each read of the weights.
 */
import { finishPanel } from "./output/cross_entropy";
import { denseBackward, denseForward } from "./output/dense";
import { recurrentBackward, recurrentForward } from "./recurrent/recurrent";
import { OutputArgs, RecurrentArgs, RowsArgs } from "./structs";

export function passRows(args: RowsArgs, task: i32, self: i32): void {
  const count = (args.examples + 7) >> 3, first = task * args.group, panels = min(args.group, count - first);
  const slot = args.slots * args.group >= count ? task : self;
  const stride = args.panelBytes, work = args.work + <usize>slot * <usize>args.group * stride;
  const output = changetype<OutputArgs>(args.output);
  for (let p = 0; p < panels; p++) gatherPanel(args, output, work + <usize>p * stride, first + p);
  for (let i = 0; i < args.layerCount; i++) recurrentForward(layerOf(args, i), work, stride, first, panels);
  denseForward(output, work, stride, panels);
  for (let p = 0; p < panels; p++) {
    const panel = first + p, at = work + <usize>p * stride;
    finishPanel(output, at + output.logits, at + args.targetCharacters, panel, min(8, args.examples - (panel << 3)), args.train);
  }
  if (!args.train) return;
  denseBackward(output, work, stride, first, panels);
  for (let i = args.layerCount - 1; i >= 0; i--) recurrentBackward(layerOf(args, i), work, stride, first, panels);
}

@inline
function layerOf(args: RowsArgs, index: i32): RecurrentArgs {
  return changetype<RecurrentArgs>(args.layers + <usize>index * offsetof<RecurrentArgs>());
}

/** Copies the characters of 8 examples into a workspace, as (T, 8). A lane without an example gets those of the first. */
function gatherPanel(args: RowsArgs, output: OutputArgs, work: usize, panel: i32): void {
  const example = panel << 3, characters = work + args.characters;
  for (let lane = 0; lane < 8; lane++) {
    const place = args.first + example + (example + lane < args.examples ? lane : 0);
    const row = args.order ? <usize>load<u32>(args.order + (<usize>place << 2)) : <usize>place;
    copyTransposed(args.sources + row * <usize>args.inputLength, characters + <usize>lane, args.inputLength);
    if (args.targets) {
      copyTransposed(args.targets + row * <usize>output.steps, work + args.targetCharacters + <usize>lane, output.steps);
    }
  }
  if (!args.train) return;
  const rows = <usize>output.rows;
  for (let t = 0; t < args.inputLength; t++) {
    store<u64>(args.allCharacters + <usize>t * rows + <usize>example, load<u64>(characters + (<usize>t << 3)));
  }
}

function copyTransposed(from: usize, to: usize, count: i32): void {
  for (let t = 0; t < count; t++) store<u8>(to + (<usize>t << 3), load<u8>(from + <usize>t));
}
