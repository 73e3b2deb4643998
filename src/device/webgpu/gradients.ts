/**
 * The second phase of a step: the gradients of all parameters, summed over rows and time steps, each tile by one workgroup; and
 * the figures of the step.
 *
 * @module
 */
import { BATCH_FUNCTIONS } from "./batch.ts";
import { type GradientTile, JOB } from "./gradient_jobs.ts";
import { each, MAIN_PARAMETERS, type Shader } from "./shader.ts";
import { STEP_SIZES } from "./step_sizes.ts";

/** The tiles, the best first. The last has 64 threads and needs 3 KiB of the workgroup's memory. */
export const GRADIENT_TILES: readonly GradientTile[] = [
  { rowQuads: 8, columnQuads: 32, depth: 16 },
  { rowQuads: 4, columnQuads: 16, depth: 8 },
];

/** Gives the bytes of the workgroup's memory that a tile needs. */
export function tileBytes({ rowQuads, columnQuads, depth }: GradientTile): number {
  return 16 * depth * (rowQuads + columnQuads) + 4 * rowQuads * columnQuads;
}

/**
 * Writes the shader of the gradients. It is the same for every network, whose jobs it reads.
 *
 * The workgroup after those of all tiles computes the figures.
 */
export function writeGradients(tile: GradientTile): Shader {
  const threads = tile.rowQuads * tile.columnQuads;
  return {
    name: "gradients",
    bindings: [
      { name: "p", type: "Batch", use: "uniform" },
      { name: "sizes", type: "StepSizes", use: "uniform" },
      { name: "jobs", type: "array<Job>", use: "read" },
      { name: "kept_quads", type: "array<vec4f>", use: "read" },
      { name: "kept", type: "array<vec4f>", use: "read" },
      { name: "results", type: "array<vec2u>", use: "read" },
      { name: "progress", type: "Progress", use: "write" },
      { name: "gradient", type: "array<vec4f>", use: "write" },
      { name: "figures", type: "array<vec4f>", use: "write" },
    ],
    code: `
${BATCH_FUNCTIONS}
${STEP_SIZES.wgsl}
${JOB.wgsl}
const THREADS = ${threads}u;
var<workgroup> factors: array<vec4f, ${tile.depth * tile.rowQuads}>;
var<workgroup> gates: array<vec4f, ${tile.depth * tile.columnQuads}>;
var<workgroup> squares: array<f32, THREADS>;
var<workgroup> shared_position: u32;
${ONE_HOT}
${ADD}

@compute @workgroup_size(THREADS)
fn main(${MAIN_PARAMETERS}) {
  if (thread == 0u) {
    shared_position = progress.position;
  }
  let position = workgroupUniformLoad(&shared_position);
  let index = group.y * groups.x + group.x;
  let part = index / (sizes.tiles + 1u);
  let tile = index % (sizes.tiles + 1u);
  if (part >= sizes.cuts) {
    return;
  }
  if (tile == sizes.tiles) {
    if (part == 0u) {
      ${writeFigures(threads)}
    }
    return;
  }
  var number = 0u;
  while (tile >= jobs[number].end_tile) {
    number++;
  }
  let job = jobs[number];
  let across = (job.column_quads + ${tile.columnQuads - 1}u) / ${tile.columnQuads}u;
  let first_row = (tile - job.first_tile) / across * ${tile.rowQuads}u;
  let first_column = (tile - job.first_tile) % across * ${tile.columnQuads}u;
  let row = first_row + thread / ${tile.columnQuads}u;
  let column = first_column + thread % ${tile.columnQuads}u;
  ${sumTile(tile)}
  let to = part * sizes.quads;
  var square = 0.0;
  if (row < job.row_quads && column < job.column_quads) {
    ${writeTile()}
  }
  if (sizes.cuts > 1u) {
    return; // the squares are those of the sum of all parts
  }
  squares[thread] = square;
  ${sumSquares(threads, "gradient[sizes.quads + tile] = vec4f(squares[0], 0.0, 0.0, 0.0);")}
}`,
  };
}

/** Writes the sum of `squares` over the threads, always in the same order, and what is done with it. */
export function sumSquares(threads: number, then: string): string {
  return `
  workgroupBarrier();
  for (var i = ${threads / 2}u; i > 0u; i /= 2u) {
    if (thread < i) {
      squares[thread] += squares[thread + i];
    }
    workgroupBarrier();
  }
  if (thread == 0u) {
    ${then}
  }`;
}

/** The one-hot vector of a character, or of the row after all characters: 4 of its values. */
const ONE_HOT = `
fn one_hot(quad: u32, character: u32) -> vec4f {
  let at = vec4u(4u * quad) + vec4u(0u, 1u, 2u, 3u);
  return select(vec4f(), vec4f(1.0), at == vec4u(character));
}`;

/** Sets a quad of the gradient, or adds to what earlier slices of the batch gave. It gives the sum of its squares. */
const ADD = `
fn add(at: u32, value: vec4f) -> f32 {
  var sum = value;
  if (p.slice_first > 0u) {
    sum += gradient[at];
  }
  gradient[at] = sum;
  return dot(sum, sum);
}`;

/** Writes the sums of a tile: `s_i`, the i-th row of a thread's quad of rows, times its quad of columns. */
function sumTile({ rowQuads, columnQuads, depth }: GradientTile): string {
  return `
  let stride = sizes.rows_a_group *
    ((slice_rows_at(position) + sizes.rows_a_group - 1u) / sizes.rows_a_group);
  let factors_at = job.factors_at * stride;
  let gates_at = job.gates_at * stride + job.gates_column;
  let all = job.steps * stride;
  let share = (all + sizes.cuts - 1u) / sizes.cuts;
  let until = min(all, (part + 1u) * share);
  ${each(4, (i) => `var s_${i} = vec4f();`)}
  for (var d_0 = min(all, part * share); d_0 < until; d_0 += ${depth}u) {
    for (var i = thread; i < ${depth * rowQuads}u; i += THREADS) {
      let d = d_0 + i / ${rowQuads}u;
      let quad = first_row + i % ${rowQuads}u;
      var factor = vec4f();
      if (d < until && quad < job.row_quads) {
        if (quad == job.one_at) {
          factor = vec4f(1.0, 0.0, 0.0, 0.0);
        } else if (job.has_characters == 1u) {
          let at = factors_at + d;
          factor = one_hot(quad, u32(kept[at / 4u][at % 4u]));
        } else {
          factor = kept[factors_at + d * job.factors_row + quad];
        }
      }
      factors[i] = factor;
    }
    for (var i = thread; i < ${depth * columnQuads}u; i += THREADS) {
      let d = d_0 + i / ${columnQuads}u;
      let quad = first_column + i % ${columnQuads}u;
      var value = vec4f();
      if (d < until && quad < job.column_quads) {
        let at = gates_at + d * job.gates_row + quad;
        if (job.gates_are_quads == 1u) {
          value = kept_quads[at];
        } else {
          value = kept[at];
        }
      }
      gates[i] = value;
    }
    workgroupBarrier();
    let mine = thread / ${columnQuads}u;
    let other = thread % ${columnQuads}u;
    ${
    each(depth, (d) =>
      `{
      let factor = factors[${d * rowQuads}u + mine];
      let gate = gates[${d * columnQuads}u + other];
      ${each(4, (i) => `s_${i} += gate * factor[${i}];`)}
    }`)
  }
    workgroupBarrier();
  }`;
}

/** Writes a thread's sums to where the parameters lie, as `MatrixPlace` and `RowsPlace` say. */
function writeTile(): string {
  const rows = ["s_0", "s_1", "s_2", "s_3"];
  const pair = (row: number, part: string): string =>
    `vec4f(s_${row}.${part}, s_${row + 1}.${part})`;
  const store = (row: string, unit: string, value: string): string =>
    `square += add(to + job.to_at + (${row}) * job.to_units + ${unit}, ${value});`;
  return `
    if (job.is_rows == 1u) {
      ${
    rows.map((sum, i) => `
      if (4u * row + ${i}u < job.to_rows) {
        ${store(`4u * row + ${i}u`, "column", sum)}
      }`).join("")
  }
      if (row == job.one_at) {
        square += add(to + job.bias_at + column, s_0);
      }
    } else if (job.to_gates == 4u) {
      ${rows.map((sum, i) => store(`4u * row + ${i}u`, "column", sum)).join("\n")}
    } else if (job.to_gates == 2u) {
      ${store("2u * row", "2u * column", pair(0, "xy"))}
      ${store("2u * row", "2u * column + 1u", pair(0, "zw"))}
      ${store("2u * row + 1u", "2u * column", pair(2, "xy"))}
      ${store("2u * row + 1u", "2u * column + 1u", pair(2, "zw"))}
    } else {
      ${
    each(4, (unit) =>
      store(
        "row",
        `4u * column + ${unit}u`,
        `vec4f(${rows.map((sum) => `${sum}[${unit}]`).join(", ")})`,
      ))
  }
    }`;
}

/** Writes the means of a step's figures to their place, and sets the next place. */
function writeFigures(threads: number): string {
  return `
      let rows = batch_rows_at(position);
      var sums = vec4f();
      for (var i = thread; i < rows; i += THREADS) {
        var correct = 0u;
        var counted = 0u;
        for (var t = 0u; t < sizes.output_length; t++) {
          let result = results[i * sizes.output_length + t];
          sums.x += bitcast<f32>(result.x);
          correct += extractBits(result.y, 8u, 1u);
          counted += extractBits(result.y, 9u, 1u);
        }
        sums += vec4f(0.0, f32(correct), select(0.0, 1.0, correct == counted), f32(counted));
      }
      gates[thread] = sums;
      workgroupBarrier();
      for (var i = ${threads / 2}u; i > 0u; i /= 2u) {
        if (thread < i) {
          gates[thread] += gates[thread + i];
        }
        workgroupBarrier();
      }
      if (thread == 0u) {
        figures[position] = gates[0] / vec4f(gates[0].ww, f32(rows), 1.0);
        progress.next = position + 1u;
      }`;
}
