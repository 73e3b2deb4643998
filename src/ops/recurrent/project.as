/** The part of the gates that comes from the input: x W + b. */
import { multiplyLanes } from "../matmul/tile_8x4";
import { maskWhere, rowsToLanes, transposeBlock } from "../matmul/transpose";
import { INDICES, keptLanes, keptStride, laneBytes, RecurrentArgs, REPEATED, SEQUENCE } from "./arguments";

/** Before the first time step: the product of a repeated input, computed once. */
export function projectRepeated(args: RecurrentArgs, from: i32, to: i32): void {
  if (args.input != REPEATED) return;
  const I = args.inputSize, width = args.width;
  for (let p = from; p < to; p++) {
    const x = args.inputs + <usize>p * laneBytes(I);
    rowsToLanes(args.x + <usize>(p << 3) * <usize>(I << 2), <usize>I << 2, args.batch - (p << 3), I, x);
    fillBias(args, args.projected + <usize>p * laneBytes(width));
  }
  multiplyLanes(
    args.inputs + <usize>from * laneBytes(I), laneBytes(I), args.packedKernel,
    args.projected + <usize>from * laneBytes(width), laneBytes(width), to - from, I, width,
  );
}

/** z = x W + b for one time step of some panels. */
export function projectStep(args: RecurrentArgs, from: i32, to: i32, step: i32): void {
  const I = args.inputSize, width = args.width;
  for (let p = from; p < to; p++) {
    const z = keptLanes(args, args.gates, width, p, step);
    if (args.input == INDICES) {
      lookUpRows(args, p, step, z);
    } else if (args.input == REPEATED) {
      memory.copy(z, args.projected + <usize>p * laneBytes(width), laneBytes(width));
    } else {
      const row = <usize>I << 2, stride = row * <usize>args.steps;
      const x = args.x + <usize>(p << 3) * stride + <usize>step * row;
      rowsToLanes(x, stride, args.batch - (p << 3), I, args.inputs + <usize>p * laneBytes(I));
      fillBias(args, z);
    }
  }
  if (args.input != SEQUENCE) return;
  multiplyLanes(
    args.inputs + <usize>from * laneBytes(I), laneBytes(I), args.packedKernel,
    keptLanes(args, args.gates, width, from, step), keptStride(args, width), to - from, I, width,
  );
}

function fillBias(args: RecurrentArgs, z: usize): void {
  for (let f = 0; f < args.width; f++) {
    const bias = v128.load32_splat(args.bias + (<usize>f << 2));
    v128.store(z + (<usize>f << 5), bias);
    v128.store(z + (<usize>f << 5), bias, 16);
  }
}

/** Looks up products: a one-hot row times a matrix is a row of the matrix. For an example that begins at its second time step, h U is looked up too (first_step.as). */
function lookUpRows(args: RecurrentArgs, panel: i32, step: i32, z: usize): void {
  const row = <usize>args.width << 2, begins = step > 0 && step == args.begin;
  const first = panel << 3, last = first + 8;
  for (let example = first; example < last; example += 4) {
    const left = args.batch - example, to = z + (<usize>(example - first) << 2);
    const r0 = rowOfCharacter(args, args.kernel, row, example, step);
    const r1 = rowOfCharacter(args, args.kernel, row, example + 1, step);
    const r2 = rowOfCharacter(args, args.kernel, row, example + 2, step);
    const r3 = rowOfCharacter(args, args.kernel, row, example + 3, step);
    const m0 = maskWhere(left > 0), m1 = maskWhere(left > 1), m2 = maskWhere(left > 2), m3 = maskWhere(left > 3);
    for (let at: usize = 0; at < row; at += 16) {
      const bias = v128.load(args.bias + at);
      transposeBlock(
        v128.and(f32x4.add(v128.load(r0 + at), bias), m0), v128.and(f32x4.add(v128.load(r1 + at), bias), m1),
        v128.and(f32x4.add(v128.load(r2 + at), bias), m2), v128.and(f32x4.add(v128.load(r3 + at), bias), m3),
        to + (at << 3), 32,
      );
    }
    if (begins) addFirstProducts(args, example, to);
  }
}

/** z += h U of the first time step, for 4 examples. */
function addFirstProducts(args: RecurrentArgs, example: i32, z: usize): void {
  const row = <usize>args.width << 2;
  const r0 = rowOfCharacter(args, args.firstProducts, row, example, 0);
  const r1 = rowOfCharacter(args, args.firstProducts, row, example + 1, 0);
  const r2 = rowOfCharacter(args, args.firstProducts, row, example + 2, 0);
  const r3 = rowOfCharacter(args, args.firstProducts, row, example + 3, 0);
  for (let at: usize = 0; at < row; at += 16) {
    const a = v128.load(r0 + at), b = v128.load(r1 + at), c = v128.load(r2 + at), d = v128.load(r3 + at);
    const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    const to = z + (at << 3);
    v128.store(to, f32x4.add(v128.load(to), v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5)));
    v128.store(to, f32x4.add(v128.load(to, 32), v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7)), 32);
    v128.store(to, f32x4.add(v128.load(to, 64), v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5)), 64);
    v128.store(to, f32x4.add(v128.load(to, 96), v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7)), 96);
  }
}

/** Address of the table row of an example's character; examples past the batch get the first row. */
@inline
export function rowOfCharacter(args: RecurrentArgs, table: usize, rowBytes: usize, example: i32, step: i32): usize {
  if (example >= args.batch) return table;
  return table + <usize>i32.load(args.x + (<usize>(example * args.steps + step) << 2)) * rowBytes;
}
