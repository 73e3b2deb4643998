/** What a panel of 8 examples begins with: its characters, masks and lanes. */
import { AttentionRowsArgs } from "../structs";
import { rowKeys } from "./dropout";
import { spanOf } from "./vectors";

/** Copies the characters of 8 examples into a workspace, as (T, 8). A lane without an example gets those of the first, and counts no character. */
export function gatherPanel(args: AttentionRowsArgs, work: usize, panel: i32): void {
  const span = spanOf(args, panel), example = panel << 3, lanes = work + args.lanes;
  for (let lane = 0; lane < 8; lane++) {
    const exists = example + lane < args.examples;
    const place = args.first + example + (exists ? lane : 0);
    const row = args.order ? load<u32>(args.order + (<usize>place << 2)) : <u32>place;
    const from = args.sources + <usize>row * <usize>args.inputLength + <usize>span.begin;
    copyTransposed(from, work + args.characters + <usize>lane, span.steps);
    i32.store(lanes + (<usize>lane << 2), <i32>row, 32);
    if (args.targets == 0) continue;
    const targets = args.targets + <usize>row * <usize>args.outputLength;
    copyTransposed(targets, work + args.targetCharacters + <usize>lane, span.targetSteps);
    i32.store(lanes + (<usize>lane << 2), exists ? countTarget(args, targets) : 0);
  }
  v128.store(lanes, rowKeys(args.stepKey, v128.load(lanes, 32)), 32);
  v128.store(lanes, rowKeys(args.stepKey, v128.load(lanes, 48)), 48);
  writeMasks(args, work, span.steps);
}

function copyTransposed(from: usize, to: usize, count: i32): void {
  for (let t = 0; t < count; t++) store<u8>(to + (<usize>t << 3), load<u8>(from + <usize>t));
}

/** Counts the characters of a target up to its end symbol, which is the first padding. */
function countTarget(args: AttentionRowsArgs, target: usize): i32 {
  for (let t = 0; t < args.outputLength; t++) {
    if (<i32>load<u8>(target + <usize>t) == args.targetPadding) return t + 1;
  }
  return args.outputLength;
}

export function writeMasks(args: AttentionRowsArgs, work: usize, steps: i32): void {
  const padding = i32x4.splat(args.sourcePadding);
  for (let s = 0; s < steps; s++) {
    const symbols = i16x8.extend_low_i8x16_u(v128.load64_zero(work + args.characters + (<usize>s << 3)));
    const to = work + args.masks + (<usize>s << 5);
    v128.store(to, i32x4.ne(i32x4.extend_low_i16x8_u(symbols), padding));
    v128.store(to, i32x4.ne(i32x4.extend_high_i16x8_u(symbols), padding), 16);
  }
}

/** Whether no lane is masked. */
@inline
export function isWhole(mask: usize): bool {
  return i32x4.all_true(v128.load(mask)) && i32x4.all_true(v128.load(mask, 16));
}
