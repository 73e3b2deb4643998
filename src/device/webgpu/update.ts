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

/** What the shader of the update depends on. */
export interface UpdateShape {
  readonly layout: ParameterLayout;
  readonly optimizer: OptimizerKernel;
  readonly threads: number;
  /** Number of sums of squares, each at the start of a quad. */
  readonly norms: number;
  /** The quad of the gradient's buffer that holds the first of them. */
  readonly normsAt: number;
}

/** Writes the shader of the update: a thread a quad. */
export function writeUpdate(shape: UpdateShape): Shader {
  const { layout, optimizer, threads, norms, normsAt } = shape;
  return {
    name: "update",
    bindings: updateBindings(optimizer),
    code: `
${PROGRESS.wgsl}
${optimizer.settings.wgsl}
${optimizer.rates}
const THREADS = ${threads}u;
var<workgroup> squares: array<f32, THREADS>;

@compute @workgroup_size(THREADS)
fn main(${MAIN_PARAMETERS}) {
  var square = 0.0;
  for (var i = thread; i < ${norms}u; i += THREADS) {
    square += gradient[${normsAt}u + i].x;
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
  if (at >= ${layout.quads}u) {
    return;
  }
  let r = rates[next - 1u];
  let g = gradient[at] * factor;
  let is_bias = at >= ${layout.biasesAt}u;
  var w = weights[at];
  ${optimizer.update}
  weights[at] = w;
  ${copyTransposed(layout)}
}`,
  };
}

function updateBindings({ slots }: OptimizerKernel): Binding[] {
  return [
    { name: "o", type: "Settings", use: "uniform" },
    { name: "gradient", type: "array<vec4f>", use: "read" },
    { name: "progress", type: "Progress", use: "write" },
    { name: "rates", type: "array<Rates>", use: "read" },
    { name: "weights", type: "array<vec4f>", use: "write" },
    { name: "transposed", type: "array<f32>", use: "write" },
    ...slots.map((name): Binding => ({ name, type: "array<vec4f>", use: "write" })),
  ];
}

/** Writes the quad `w` of a matrix to its second copy, where its values lie apart. */
function copyTransposed(layout: ParameterLayout): string {
  const choices = listMatrices(layout).map(({ at, transposedAt, depth, units, gates }) => `
  if (at < ${at + depth * units * gates / 4}u) {
    first = ${at}u; copy = ${transposedAt}u; depth = ${depth}u; units = ${units}u; gates = ${gates}u;
  }`);
  return `
  var first = 0u;
  var copy = 0u;
  var depth = 0u;
  var units = 1u;
  var gates = 0u; // none: no matrix
  ${choices.join(" else ")}
  if (gates > 0u) {
    let per_quad = 4u / gates;
    let unit = (at - first) % units;
    let row = (at - first) / units * per_quad;
    let to = 4u * (copy + unit / per_quad * depth + row) + unit % per_quad * gates;
    for (var i = 0u; i < 4u; i++) {
      transposed[to + 4u * (i / gates) + i % gates] = w[i];
    }
  }`;
}
