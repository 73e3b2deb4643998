/** The kernel's gradient for a one-hot input: dz is added to the rows that were looked up. */
import { rowsToLanes, storeFirst } from "../matmul/transpose";
import { ScatterArgs, SumRowsArgs } from "../structs";

/** A task is a group of panels of 8 columns. */
export function scatterRows(args: ScatterArgs, task: i32, self: i32): void {
  const first = task * args.group, last = min(first + args.group, (args.columns + 7) >> 3);
  for (let panel = first; panel < last; panel++) {
    const sums = args.sums + (<usize>panel * <usize>args.classes << 5);
    const dz = args.panels + <usize>panel * args.panelStride, step = <usize>args.rows << 5;
    memory.fill(sums, 0, <usize>args.classes << 5);
    for (let t = args.begin; t < args.steps; t++) addRows(args, t, dz + <usize>t * step, sums);
    storeSums(args, panel, sums);
    if (args.first) sumSecondStep(args, panel, dz + step, sums);
  }
}

/** sums[character of an example at a time step] += its dz */
function addRows(args: ScatterArgs, step: i32, from: usize, sums: usize): void {
  let character = args.characters + <usize>step * <usize>args.rows;
  for (const end = from + (<usize>args.examples << 5); from < end; from += 32) {
    const to = sums + (<usize>i32.load8_u(character) << 5);
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    v128.store(to, f32x4.add(v128.load(to, 16), v128.load(from, 16)), 16);
    character++;
  }
}

/** dW = sums */
function storeSums(args: ScatterArgs, panel: i32, sums: usize): void {
  const columns = args.columns - (panel << 3);
  let to = args.out + (<usize>panel << 5);
  for (let i = 0; i < args.classes; i++) {
    storeFirst(to, v128.load(sums), columns);
    if (columns > 4) storeFirst(to + 16, v128.load(sums, 16), columns - 4);
    sums += 32;
    to += args.outStride;
  }
}

/**
 * Sums dz of the second time step by first character, and writes the sums twice: as lanes, for the first time step backward, and in the last
 * rows of the second time step's place, so that the recurrent kernel's gradient is one product over them and the later time steps.
 */
function sumSecondStep(args: ScatterArgs, panel: i32, from: usize, sums: usize): void {
  const classes = args.classes, padded = (classes + 7) & ~7;
  memory.fill(sums, 0, <usize>classes << 5);
  addRows(args, 0, from, sums);
  const tail = from + (<usize>(args.rows - padded) << 5);
  memory.fill(tail, 0, <usize>padded << 5);
  memory.copy(tail, sums, <usize>classes << 5);
  const columns = min(8, args.columns - (panel << 3));
  for (let v = 0; v < classes; v += 8) {
    const to = args.first + <usize>(v >> 3) * args.firstStride + (<usize>panel << 8);
    rowsToLanes(sums + (<usize>v << 5), 32, classes - v, columns, to);
  }
}

/** Columns per task. */
const COLUMNS: i32 = 512;

/** The gradient of the bias: every dz is in exactly one row of the kernel's gradient. Also its sum of squares. */
export function sumKernelRows(args: SumRowsArgs, task: i32, self: i32): void {
  const first = task * COLUMNS, last = min(first + COLUMNS, args.columns);
  let squares: f64 = 0;
  for (let column = first; column < last; column++) {
    let from = args.from + (<usize>column << 2), sum: f32 = 0;
    for (let i = 0; i < args.rows; i++) {
      sum += f32.load(from);
      from += <usize>args.columns << 2;
    }
    f32.store(args.out + (<usize>column << 2), sum);
    squares += <f64>sum * <f64>sum;
  }
  f64.store(args.squares + (<usize>task << 3), squares);
}
