/**
 * The first time step of one-hot inputs, computed once for every character.
 *
 * Its result depends only on the first character of an example. So it is computed for a batch of all characters, followed by the product
 * h U of the second time step. The examples begin at their second time step with the rows of their first characters. In the backward pass
 * the gradients of examples with the same first character are summed, and the first time step runs backward once for every character.
 */
import { multiplyLanes } from "../matmul/tile_8x4";
import { gatherToLanes, lanesToRows } from "../matmul/transpose";
import { keptLanes, laneBytes, RecurrentArgs } from "./arguments";
import { rowOfCharacter } from "./project";

/** After the first time step of all characters: writes as rows h U for `columns` of the gates, and the lanes at `carried` of every panel (0: none). */
export function emitFirstStep(args: RecurrentArgs, from: i32, to: i32, columns: i32, carried: usize, stride: usize): void {
  if (args.end == args.steps) return;
  const H = args.hidden, width = args.width;
  for (let p = from; p < to; p++) {
    const z = keptLanes(args, args.gates, width, p, 1), first = <usize>(p << 3), rows = args.batch - (p << 3);
    memory.fill(z, 0, laneBytes(width));
    multiplyLanes(args.states + <usize>p * laneBytes(H), 0, args.packedRecurrent, z, 0, 1, H, columns);
    lanesToRows(z, width, args.firstProducts + first * <usize>(width << 2), <usize>width << 2, rows);
    if (carried == 0) continue;
    lanesToRows(carried + <usize>p * stride, H, args.firstStates + first * <usize>(H << 2), <usize>H << 2, rows);
  }
}

/** Before the second time step of some examples: loads their states after the first, as lanes. */
export function loadFirstStates(args: RecurrentArgs, panel: i32, to: usize): void {
  const H = args.hidden, row = <usize>H << 2;
  for (let half = 0; half < 8; half += 4) {
    const example = (panel << 3) + half;
    gatherToLanes(
      rowOfCharacter(args, args.firstStates, row, example, 0), rowOfCharacter(args, args.firstStates, row, example + 1, 0),
      rowOfCharacter(args, args.firstStates, row, example + 2, 0), rowOfCharacter(args, args.firstStates, row, example + 3, 0),
      args.batch - example, H, to + (<usize>half << 2),
    );
  }
}

@unmanaged
class SumArgs {
  /** int32 (B, T); only the first of each row is used. */
  indices: usize;
  batch: i32;
  steps: i32;
  features: i32;
  /** Lanes [panel of examples]. */
  from: usize;
  /** Lanes [panel of characters]. */
  to: usize;
  characters: i32;
}

/** Features per task. */
const FEATURES: i32 = 32;

/** to[character] = sum of `from` over the examples that begin with the character, always in the same order. */
export function sumByFirstCharacter(args: SumArgs, task: i32): void {
  const first = task * FEATURES, count = min(FEATURES, args.features - first);
  const bytes = laneBytes(args.features), skipped = <usize>first << 5;
  for (let p = 0; p < (args.characters + 7) >> 3; p++) {
    memory.fill(args.to + <usize>p * bytes + skipped, 0, <usize>count << 5);
  }
  for (let b = 0; b < args.batch; b++) {
    const index = i32.load(args.indices + (<usize>(b * args.steps) << 2));
    const from = args.from + <usize>(b >> 3) * bytes + skipped + (<usize>(b & 7) << 2);
    const to = args.to + <usize>(index >> 3) * bytes + skipped + (<usize>(index & 7) << 2);
    for (let at: usize = 0; at < <usize>count << 5; at += 32) {
      f32.store(to + at, f32.load(to + at) + f32.load(from + at));
    }
  }
}
