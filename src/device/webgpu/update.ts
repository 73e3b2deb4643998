/**
 * The third phase of a step: the gradients' norm, the optimiser, and the second copies of the matrices, which the next step reads.
 *
 * @module
 */
import { PROGRESS } from "./batch.ts";
import { sumSquares } from "./gradients.ts";
import type { OptimizerKernel } from "./optimizers/optimizer_kernel.ts";
import { listMatrices, type ParameterLayout } from "./parameter_layout.ts";
import { type Binding, MAIN_PARAMETERS, type Shader } from "./shader.ts";
import { STEP_SIZES } from "./step_sizes.ts";
import { defineStruct, type Struct } from "./struct.ts";

/** A matrix as the shader reads it: the fields of `MatrixPlace`, and the quad after its last. */
export const MATRIX: Struct<"at" | "end" | "copy_at" | "depth" | "units" | "gates"> = defineStruct(
  "Matrix",
  { at: "u32", end: "u32", copy_at: "u32", depth: "u32", units: "u32", gates: "u32" },
);

/** Gives the table of matrices that the shader reads. */
export function packMatrices(layout: ParameterLayout): Uint8Array<ArrayBuffer> {
  return MATRIX.pack(
    ...listMatrices(layout).map(({ at, transposedAt, depth, units, gates }) => ({
      ...{ at, end: at + depth * units * gates / 4, copy_at: transposedAt, depth, units, gates },
    })),
  );
}

/** Writes the shader of the update: a thread a quad. It is the same for every network. */
export function writeUpdate(optimizer: OptimizerKernel, threads: number): Shader {
  return {
    name: "update",
    bindings: [
      { name: "sizes", type: "StepSizes", use: "uniform" },
      { name: "o", type: "Settings", use: "uniform" },
      { name: "matrices", type: "array<Matrix>", use: "read" },
      { name: "gradient", type: "array<vec4f>", use: "read" },
      { name: "progress", type: "Progress", use: "write" },
      { name: "rates", type: "array<Rates>", use: "read" },
      { name: "weights", type: "array<vec4f>", use: "write" },
      { name: "transposed", type: "array<f32>", use: "write" },
      ...optimizer.slots.map((name): Binding => ({ name, type: "array<vec4f>", use: "write" })),
    ],
    code: `
${STEP_SIZES.wgsl}
${PROGRESS.wgsl}
${MATRIX.wgsl}
${optimizer.settings.wgsl}
${optimizer.rates}
const THREADS = ${threads}u;
var<workgroup> squares: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(${MAIN_PARAMETERS}) {
  var square = 0.0;
  for (var i = thread; i < sizes.norms; i += THREADS) {
    square += gradient[sizes.cuts * sizes.quads + i].x;
  }
  squares[thread] = square;
  ${sumSquares(threads, "")}
  let norm = sqrt(squares[0]);
  ${optimizer.clip}
  let at = (group.y * groups.x + group.x) * THREADS + thread;
  let next = progress.next;
  if (at == 0u) {
    progress.position = next;
  }
  if (at >= sizes.quads) {
    return;
  }
  let r = rates[next - 1u];
  let g = gradient[at] * factor;
  let is_bias = at >= sizes.biases_at;
  var w = weights[at];
  ${optimizer.update}
  weights[at] = w;
  ${COPY}
}`,
  };
}

/** Writes the quad `w` of a matrix to its second copy, where its values lie apart. */
const COPY = `
  for (var i = 0u; i < sizes.matrices; i++) {
    if (at < matrices[i].at || at >= matrices[i].end) {
      continue;
    }
    let matrix = matrices[i];
    let per_quad = 4u / matrix.gates;
    let unit = (at - matrix.at) % matrix.units;
    let row = (at - matrix.at) / matrix.units * per_quad;
    let quad = matrix.copy_at + unit / per_quad * matrix.depth + row;
    let first = 4u * quad + unit % per_quad * matrix.gates;
    for (var j = 0u; j < 4u; j++) {
      transposed[first + 4u * (j / matrix.gates) + j % matrix.gates] = w[j];
    }
  }`;
