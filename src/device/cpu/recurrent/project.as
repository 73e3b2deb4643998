/** The part of the gates that comes from the input: x W + b. */
import { multiplyLanes } from "../matmul/tile_8x4";
import { transposeAdding, transposeBlock } from "../matmul/transpose";
import { RecurrentArgs } from "../structs";
import { gatesAt, INDICES, laneBytes, REPEATED } from "./layer";

/** Before the first time step: the product of a repeated input, computed once. */
export function projectRepeated(layer: RecurrentArgs, work: usize, stride: usize, panels: i32): void {
  if (layer.input != REPEATED) return;
  const projected = work + layer.projected;
  for (let p = 0; p < panels; p++) fillLanes(projected + <usize>p * stride, layer.bias, layer.width);
  multiplyLanes(work + layer.inputs, stride, layer.packedKernel, projected, stride, panels, layer.inputSize, layer.width, 1);
}

/** z = x W + b for one time step of some panels. */
export function projectStep(layer: RecurrentArgs, work: usize, stride: usize, panels: i32, step: i32): void {
  const z = gatesAt(layer, work, step);
  if (layer.input == INDICES) {
    for (let p = 0; p < panels; p++) lookUpRows(layer, work + <usize>p * stride, z + <usize>p * stride, step);
  } else if (layer.input == REPEATED) {
    for (let p = 0; p < panels; p++) {
      memory.copy(z + <usize>p * stride, work + <usize>p * stride + layer.projected, laneBytes(layer.width));
    }
  } else {
    const x = work + layer.inputs + <usize>step * layer.inputStep;
    for (let p = 0; p < panels; p++) fillLanes(z + <usize>p * stride, layer.bias, layer.width);
    multiplyLanes(x, stride, layer.packedKernel, z, stride, panels, layer.inputSize, layer.width, 1);
  }
}

/** Copies a vector to all lanes. */
export function fillLanes(to: usize, from: usize, features: i32): void {
  for (let f = 0; f < features; f++) {
    const value = v128.load32_splat(from);
    v128.store(to, value);
    v128.store(to, value, 16);
    from += 4;
    to += 32;
  }
}

/**
 * Looks up products: a one-hot row times a matrix is a row of the matrix. For examples that begin at their second time step, h U is looked up
 * too (first_step.as).
 */
function lookUpRows(layer: RecurrentArgs, work: usize, z: usize, step: i32): void {
  const row = <usize>layer.width << 2, characters = work + layer.characters + (<usize>step << 3);
  const begins = step > 0 && step == layer.begin;
  for (let half: usize = 0; half < 8; half += 4) {
    const r0 = rowOfCharacter(layer.kernel, row, characters + half), r1 = rowOfCharacter(layer.kernel, row, characters + half + 1);
    const r2 = rowOfCharacter(layer.kernel, row, characters + half + 2), r3 = rowOfCharacter(layer.kernel, row, characters + half + 3);
    const to = z + (half << 2);
    for (let at: usize = 0; at < row; at += 16) {
      const bias = v128.load(layer.bias + at);
      transposeBlock(
        f32x4.add(v128.load(r0 + at), bias), f32x4.add(v128.load(r1 + at), bias),
        f32x4.add(v128.load(r2 + at), bias), f32x4.add(v128.load(r3 + at), bias), to + (at << 3), 32,
      );
    }
    if (begins) addFirstProducts(layer, work + layer.characters + half, to);
  }
}

/** z += h U of the first time step, for 4 examples. */
function addFirstProducts(layer: RecurrentArgs, characters: usize, z: usize): void {
  const row = <usize>layer.width << 2, table = layer.firstProducts;
  const r0 = rowOfCharacter(table, row, characters), r1 = rowOfCharacter(table, row, characters + 1);
  const r2 = rowOfCharacter(table, row, characters + 2), r3 = rowOfCharacter(table, row, characters + 3);
  for (let at: usize = 0; at < row; at += 16) {
    transposeAdding(v128.load(r0 + at), v128.load(r1 + at), v128.load(r2 + at), v128.load(r3 + at), z + (at << 3), 32);
  }
}

/** Address of a character's row in a table. */
@inline
export function rowOfCharacter(table: usize, rowBytes: usize, character: usize): usize {
  return table + <usize>i32.load8_u(character) * rowBytes;
}
