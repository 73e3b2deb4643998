/**
 * The first time step of one-hot inputs, computed once for every character.
 *
 * Its result depends only on the first character of an example. So it is computed for panels of all characters, followed by the product
 * h U of the second time step. The examples begin at their second time step with the rows of their first characters. On the way back
 * the gradients of examples with the same first character are summed, and the first time step runs back once for every character.
 */
import { multiplyLanes } from "../matmul/tile_8x4";
import { gatherToLanes, lanesToRows, addLanesToRows } from "../matmul/transpose";
import { FirstStepArgs, RecurrentArgs, SumCarriedArgs } from "../structs";
import { cellsAt, gatesAt, GRU, laneBytes, LSTM, NO_STEP, statesAt } from "./layer";
import { rowOfCharacter } from "./project";
import { advanceStep, emitStates, reverseStep } from "./recurrent";

/** Writes the tables in which examples look up h U of the second time step and, unless the cell is simple, what it begins with. A task is 8 characters. */
export function firstStepForward(args: FirstStepArgs, task: i32, self: i32): void {
  const layer = changetype<RecurrentArgs>(args.layer), work = args.work + <usize>task * args.panelBytes;
  const H = layer.hidden, width = layer.width, first = task << 3, rows = args.characters - first;
  for (let lane = 0; lane < 8; lane++) {
    store<u8>(work + layer.characters + <usize>lane, <u8>min(first + lane, args.characters - 1));
  }
  advanceStep(layer, work, args.panelBytes, 1, 0, NO_STEP);
  if (layer.keep) emitStates(layer, work, task, 0);
  const z = gatesAt(layer, work, 1), h = statesAt(layer, work, 0);
  memory.fill(z, 0, laneBytes(width));
  multiplyLanes(h, 0, layer.packedRecurrent, z, 0, 1, H, layer.split, 1);
  const row = <usize>width << 2;
  lanesToRows(z, width, layer.firstProducts + <usize>first * row, row, rows);
  if (layer.cell != LSTM && layer.cell != GRU) return;
  const states = layer.cell == LSTM ? cellsAt(layer, work, 0) : h, stateRow = <usize>H << 2;
  lanesToRows(states, H, layer.firstStates + <usize>first * stateRow, stateRow, rows);
}

/** Before the second time step of a panel: loads its states after the first. */
export function loadFirstStates(layer: RecurrentArgs, work: usize): void {
  if (layer.cell != LSTM && layer.cell != GRU) return;
  const table = layer.firstStates, row = <usize>layer.hidden << 2, characters = work + layer.characters;
  const to = layer.cell == LSTM ? cellsAt(layer, work, 0) : statesAt(layer, work, 0);
  for (let half: usize = 0; half < 8; half += 4) {
    gatherToLanes(
      rowOfCharacter(table, row, characters + half), rowOfCharacter(table, row, characters + half + 1),
      rowOfCharacter(table, row, characters + half + 2), rowOfCharacter(table, row, characters + half + 3),
      4, layer.hidden, to + (half << 2),
    );
  }
}

/** Features per task. */
const FEATURES: i32 = 32;

/** to[character] = sum of `from` over the examples that begin with the character, always in the same order. */
export function sumCarried(args: SumCarriedArgs, task: i32, self: i32): void {
  const first = task * FEATURES, count = min(FEATURES, args.features - first);
  const skipped = <usize>first << 5, bytes = laneBytes(args.features);
  for (let p = 0; p < (args.rows + 7) >> 3; p++) {
    memory.fill(args.to + <usize>p * args.toStride + skipped, 0, <usize>count << 5);
  }
  for (let b = 0; b < args.examples; b++) {
    const character = <usize>i32.load8_u(args.characters + <usize>b);
    const from = args.from + <usize>(b >> 3) * bytes + skipped + (<usize>(b & 7) << 2);
    const to = args.to + (character >> 3) * args.toStride + skipped + ((character & 7) << 2);
    for (let at: usize = 0; at < <usize>count << 5; at += 32) {
      f32.store(to + at, f32.load(to + at) + f32.load(from + at));
    }
  }
}

/** Runs the first time step of 8 characters back, and adds its dz to the gradients of their rows. */
export function firstStepBackward(args: FirstStepArgs, task: i32, self: i32): void {
  const layer = changetype<RecurrentArgs>(args.layer), work = args.work + <usize>task * args.panelBytes;
  reverseStep(layer, work, args.panelBytes, 1, 0);
  const row = <usize>layer.width << 2, first = task << 3;
  const out = args.dKernel + <usize>first * row;
  addLanesToRows(gatesAt(layer, work, 0), layer.width, out, row, min(8, args.characters - first));
}
