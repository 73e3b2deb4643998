/**
 * The second phase of a step: the gradients of all parameters, summed over rows and time steps, each tile by one workgroup; and
 * the figures of the step.
 *
 * @module
 */
import { BATCH_FUNCTIONS } from "./batch.ts";
import type { GradientJob, OneHotFactor } from "./gradient_jobs.ts";
import type { KeptPlace } from "./kept_layout.ts";
import { type Binding, each, MAIN_PARAMETERS, type Shader } from "./shader.ts";

/** A tile of a gradient: a thread computes one quad of rows times one quad of columns. */
export interface GradientTile {
  /** Number of quads of rows. */
  readonly rowQuads: number;
  /** Number of quads of columns. */
  readonly columnQuads: number;
  /** Number of rows of the batch, at a time step, that are read into the workgroup's memory at once. */
  readonly depth: number;
}

/** The tiles, the best first. The last has 64 threads and needs 3 KiB of the workgroup's memory. */
export const GRADIENT_TILES: readonly GradientTile[] = [
  { rowQuads: 8, columnQuads: 32, depth: 16 },
  { rowQuads: 4, columnQuads: 16, depth: 8 },
];

/** Gives the bytes of the workgroup's memory that a tile needs. */
export function tileBytes({ rowQuads, columnQuads, depth }: GradientTile): number {
  return 16 * depth * (rowQuads + columnQuads) + 4 * rowQuads * columnQuads;
}

/** What the shader of the gradients depends on. */
export interface GradientsShape {
  readonly jobs: readonly GradientJob[];
  readonly tile: GradientTile;
  /** Number of rows that a workgroup of the first phase takes. */
  readonly rows: number;
  /** Number of parts that the depth is cut into, each by workgroups of its own. */
  readonly cuts: number;
  /** Number of quads of all parameters. */
  readonly quads: number;
  /** T_out. */
  readonly outputLength: number;
}

/** Counts the workgroups of a part: the tiles, and one for the figures. Each tile gives the sum of its squares. */
export function countGradientGroups({ jobs, tile }: Pick<GradientsShape, "jobs" | "tile">): number {
  return 1 + jobs.reduce((sum, job) => sum + countTiles(job, tile), 0);
}

/** Writes the shader of the gradients. */
export function writeGradients(shape: GradientsShape): Shader {
  const { jobs, tile, cuts } = shape;
  const threads = tile.rowQuads * tile.columnQuads;
  return {
    name: "gradients",
    bindings: gradientsBindings(jobs),
    code: `
${BATCH_FUNCTIONS}
const THREADS = ${threads}u;
var<private> stride: u32;
var<workgroup> factors: array<vec4f, ${tile.depth * tile.rowQuads}>;
var<workgroup> gates: array<vec4f, ${tile.depth * tile.columnQuads}>;
var<workgroup> squares: array<f32, ${threads}>;
var<workgroup> position_shared: u32;
${ONE_HOT}
${ADD}

@compute @workgroup_size(THREADS)
fn main(${MAIN_PARAMETERS}) {
  if (thread == 0u) {
    position_shared = progress.position;
  }
  let position = workgroupUniformLoad(&position_shared);
  let tile_of_parts = group.y * groups.x + group.x;
  let part = tile_of_parts / ${countGradientGroups(shape)}u;
  let tile_at = tile_of_parts % ${countGradientGroups(shape)}u;
  if (part >= ${cuts}u) {
    return;
  }
  stride = ${shape.rows}u * ((slice_rows_at(position) + ${shape.rows - 1}u) / ${shape.rows}u);
  if (tile_at == ${countGradientGroups(shape) - 1}u) {
    if (part == 0u) {
      ${writeFigures(shape, threads)}
    }
    return;
  }
  ${DECLARATIONS}
  ${chooseJob(shape)}
  ${sumTile(shape)}
  let to = part * ${shape.quads}u;
  let rows_at = tile_row * ${tile.rowQuads}u + thread / ${tile.columnQuads}u;
  let columns_at = tile_column * ${tile.columnQuads}u + thread % ${tile.columnQuads}u;
  var square = 0.0;
  if (rows_at < row_quads && columns_at < column_quads) {
    ${writeTile()}
  }
  squares[thread] = square;
  ${
      cuts > 1 ? "" : sumSquares(
        threads,
        `gradient[${shape.quads}u + tile_at] = vec4f(squares[0], 0.0, 0.0, 0.0);`,
      )
    }
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

function gradientsBindings(jobs: readonly GradientJob[]): Binding[] {
  const all: (Binding | false)[] = [
    { name: "p", type: "Batch", use: "uniform" },
    jobs.some(({ gradients }) => gradients.buffer === "kept_quads") &&
    { name: "kept_quads", type: "array<vec4f>", use: "read" },
    { name: "kept", type: "array<vec4f>", use: "read" },
    { name: "results", type: "array<vec2u>", use: "read" },
    { name: "progress", type: "Progress", use: "write" },
    { name: "gradient", type: "array<vec4f>", use: "write" },
    { name: "figures", type: "array<vec4f>", use: "write" },
  ];
  return all.filter((binding) => binding !== false);
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

/** What a workgroup is told of its job. */
const DECLARATIONS = `
  var tile = 0u; // its number in its job
  var row_quads = 0u;
  var column_quads = 0u;
  var steps = 0u;
  var one_at = 0u; // the quad of rows that begins with the one of the bias
  var has_characters = false;
  var factors_at = 0u; // quads before the first that is multiplied, and those of a row
  var factors_row = 0u;
  var gates_are_quads = false;
  var gates_at = 0u;
  var gates_row = 0u;
  var gates_column = 0u;
  var is_rows = false; // rows that are looked up, and the bias
  var to_at = 0u;
  var to_units = 0u; // units of a matrix; quads of a row
  var to_gates = 0u;
  var to_rows = 0u;
  var bias_at = 0u;`;

function countTiles({ rowQuads, columnQuads }: GradientJob, tile: GradientTile): number {
  return Math.ceil(rowQuads / tile.rowQuads) * Math.ceil(columnQuads / tile.columnQuads);
}

/** Writes the choice of a workgroup's job. */
function chooseJob({ jobs, tile }: GradientsShape): string {
  let first = 0;
  const choices = jobs.map((job) => {
    const from = first;
    first += countTiles(job, tile);
    return `if (tile_at < ${first}u) {
    tile = tile_at - ${from}u;
    ${describeJob(job)}
  }`;
  });
  return `${choices.join(" else ")}
  let across = (column_quads + ${tile.columnQuads - 1}u) / ${tile.columnQuads}u;
  let tile_row = tile / across;
  let tile_column = tile % across;`;
}

function describeJob(job: GradientJob): string {
  const { factor, gradients, to } = job;
  const gates = quadsOf(gradients, job.firstStep);
  const fields: Record<string, string | number | boolean> = {
    ...{ row_quads: job.rowQuads, column_quads: job.columnQuads, steps: job.steps },
    ...{ gates_are_quads: gradients.buffer === "kept_quads" },
    ...{ gates_at: gates.at, gates_row: gates.row, gates_column: job.columnsAt },
    ...(factor.type === "oneHot" ? describeOneHot(factor) : (({ at, row }) => ({
      ...{ factors_at: at, factors_row: row, one_at: NO_ROW },
    }))(quadsOf(factor.place, factor.firstStep))),
    ...("units" in to ? { to_at: to.at, to_units: to.units, to_gates: to.gates } : {
      ...{ is_rows: true, to_at: to.lookup?.at ?? 0, to_rows: to.lookup?.count ?? 0 },
      ...{ to_units: to.bias.quads, bias_at: to.bias.at },
    }),
  };
  return Object.entries(fields).map(([name, value]) =>
    `${name} = ${typeof value === "number" ? `${value}u` : value};`
  ).join(" ");
}

/** A number above every quad of rows. */
const NO_ROW = 0xffff_ffff;

function describeOneHot(
  { characters, oneAt }: OneHotFactor,
): Record<string, string | number | boolean> {
  return {
    one_at: oneAt,
    ...(characters ? { has_characters: true, factors_at: `${characters.before}u * stride` } : {}),
  };
}

/** Gives the first quad of a time step, and the quads of a row. */
function quadsOf(place: KeptPlace, step: number): { at: string; row: number } {
  const per = place.buffer === "kept_quads" ? 1 : 4;
  const at = (place.before + step * place.width) / per;
  return { at: `${at}u * stride`, row: place.width / per };
}

/** Writes the sums of a tile: `s_i`, the i-th row of a thread's quad of rows, times its quad of columns. */
function sumTile(shape: GradientsShape): string {
  const { tile: { rowQuads, columnQuads, depth }, cuts } = shape;
  return `
  let all = steps * stride;
  let share = (all + ${cuts - 1}u) / ${cuts}u;
  let until = min(all, (part + 1u) * share);
  ${each(4, (i) => `var s_${i} = vec4f();`)}
  for (var d_0 = min(all, part * share); d_0 < until; d_0 += ${depth}u) {
    for (var i = thread; i < ${depth * rowQuads}u; i += THREADS) {
      let d = d_0 + i / ${rowQuads}u;
      let quad = tile_row * ${rowQuads}u + i % ${rowQuads}u;
      var factor = vec4f();
      if (d < until && quad < row_quads) {
        if (quad == one_at) {
          factor = vec4f(1.0, 0.0, 0.0, 0.0);
        } else if (has_characters) {
          let at = factors_at + d;
          factor = one_hot(quad, u32(kept[at / 4u][at % 4u]));
        } else {
          factor = kept[factors_at + d * factors_row + quad];
        }
      }
      factors[i] = factor;
    }
    for (var i = thread; i < ${depth * columnQuads}u; i += THREADS) {
      let d = d_0 + i / ${columnQuads}u;
      let quad = tile_column * ${columnQuads}u + i % ${columnQuads}u;
      var value = vec4f();
      if (d < until && quad < column_quads) {
        let at = gates_at + d * gates_row + gates_column + quad;
        value = ${gatesAt(shape)};
      }
      gates[i] = value;
    }
    workgroupBarrier();
    let mine = thread / ${columnQuads}u;
    let column = thread % ${columnQuads}u;
    ${
    each(depth, (d) =>
      `{
      let factor = factors[${d * rowQuads}u + mine];
      let gate = gates[${d * columnQuads}u + column];
      ${each(4, (i) => `s_${i} += gate * factor[${i}];`)}
    }`)
  }
    workgroupBarrier();
  }
  `;
}

/** Gives the gradients of gates at `at`. */
function gatesAt({ jobs }: GradientsShape): string {
  const hasQuads = jobs.some(({ gradients }) => gradients.buffer === "kept_quads");
  return hasQuads ? "select(kept[at], kept_quads[at], gates_are_quads)" : "kept[at]";
}

/** Writes a thread's sums to where the parameters lie, as `MatrixPlace` and `RowsPlace` say. */
function writeTile(): string {
  const rows = ["s_0", "s_1", "s_2", "s_3"];
  const pair = (row: number, part: string): string =>
    `vec4f(s_${row}.${part}, s_${row + 1}.${part})`;
  const store = (row: string, unit: string, value: string): string =>
    `square += add(to + to_at + (${row}) * to_units + ${unit}, ${value});`;
  return `
    if (is_rows) {
      ${
    rows.map((row, i) =>
      `if (4u * rows_at + ${i}u < to_rows) {
        ${store(`4u * rows_at + ${i}u`, "columns_at", row)}
      }`
    ).join("\n")
  }
      if (rows_at == one_at) {
        square += add(to + bias_at + columns_at, s_0);
      }
    } else if (to_gates == 4u) {
      ${rows.map((row, i) => store(`4u * rows_at + ${i}u`, "columns_at", row)).join("\n")}
    } else if (to_gates == 2u) {
      ${
    [0, 1].map((i) =>
      ["xy", "zw"].map((part, unit) =>
        store(`2u * rows_at + ${i}u`, `2u * columns_at + ${unit}u`, pair(2 * i, part))
      ).join("\n")
    ).join("\n")
  }
    } else {
      ${
    each(4, (unit) =>
      store(
        "rows_at",
        `4u * columns_at + ${unit}u`,
        `vec4f(${rows.map((row) => `${row}[${unit}]`).join(", ")})`,
      ))
  }
    }`;
}

/** Writes the means of a step's figures to their place, and sets the next place. */
function writeFigures({ outputLength: T }: GradientsShape, threads: number): string {
  return `
      let batch_rows = batch_rows_at(position);
      var sums = vec4f();
      for (var row = thread; row < batch_rows; row += THREADS) {
        var correct = 0u;
        for (var t = 0u; t < ${T}u; t++) {
          let result = results[row * ${T}u + t];
          sums.x += bitcast<f32>(result.x);
          correct += result.y >> 8u;
        }
        sums.y += f32(correct);
        sums.z += select(0.0, 1.0, correct == ${T}u);
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
        let characters = f32(batch_rows * ${T}u);
        figures[position] = gates[0] / vec4f(characters, characters, f32(batch_rows), 1.0);
        progress.next = position + 1u;
      }`;
}
