// C = A B, or A B + bias; the rows and depth of A, and the rows of C, may lie in memory as two nested loops.
// With ones, A has a last row of ones. Its product, in sums_row, goes to column_sums: this gives the gradient of a bias
// together with that of its kernel. In a product in parts, part_stride apart, it stays a row of each part.
struct Parameters {
  rows: u32, columns: u32, depth: u32,
  parts: u32, part_depth: u32, across: u32, tiles: u32,
  ones: u32, add_bias: u32, sums_row: u32, part_stride: u32,
  a_from: u32, a_rows_inner: u32, a_rows_outer: u32, a_rows_step: u32,
  a_depth_inner: u32, a_depth_outer: u32, a_depth_step: u32,
  b_from: u32, b_depth_stride: u32, b_column_stride: u32,
  c_from: u32, c_rows_inner: u32, c_rows_outer: u32, c_rows_step: u32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> a: array<u32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> c: array<f32>;
@group(0) @binding(5) var<storage, read_write> column_sums: array<f32>;

// Whether A is one-hot: then a holds, for every k, the row of the 1, int32.
override ONE_HOT: bool = false;
// Whether any index runs through two nested loops: that needs divisions, which take time.
override NESTED: bool = true;

fn place(inner: u32, outer: u32, step: u32, i: u32) -> u32 {
  if (NESTED) {
    return (i / inner) * outer + (i % inner) * step;
  }
  return i * step;
}

fn load_a(row: u32, k: u32) -> f32 {
  if (row >= p.rows) {
    return select(0.0, 1.0, row == p.rows && p.ones == 1);
  }
  let at = p.a_from + place(p.a_depth_inner, p.a_depth_outer, p.a_depth_step, k);
  if (ONE_HOT) {
    return select(0.0, 1.0, a[at] == row);
  }
  return bitcast<f32>(a[at + place(p.a_rows_inner, p.a_rows_outer, p.a_rows_step, row)]);
}

fn load_b(k: u32, group: u32) -> vec4f {
  return vec4f(
    load_lane(k, 4 * group),
    load_lane(k, 4 * group + 1),
    load_lane(k, 4 * group + 2),
    load_lane(k, 4 * group + 3),
  );
}

fn load_lane(k: u32, column: u32) -> f32 {
  if (column >= p.columns) {
    return 0.0;
  }
  return b[p.b_from + k * p.b_depth_stride + column * p.b_column_stride];
}

// The part of the depth that this workgroup sums.
var<private> finish_part: u32;

fn finish(row: u32, group: u32, sums: vec4f) {
  finish_lane(row, 4 * group, sums.x);
  finish_lane(row, 4 * group + 1, sums.y);
  finish_lane(row, 4 * group + 2, sums.z);
  finish_lane(row, 4 * group + 3, sums.w);
}

fn finish_lane(row: u32, column: u32, sum: f32) {
  if (row >= p.rows + p.ones || column >= p.columns) {
    return;
  }
  let value = sum + select(0.0, bias[column], p.add_bias == 1);
  if (row == p.sums_row) {
    column_sums[column] = value;
  } else {
    let at = p.c_from + place(p.c_rows_inner, p.c_rows_outer, p.c_rows_step, row) + column;
    c[at + finish_part * p.part_stride] = value;
  }
}

@compute @workgroup_size(TILE_X, TILE_Y)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let number = id.y * count.x + id.x;
  if (number >= p.tiles * p.parts) {
    return;
  }
  let tile = number % p.tiles;
  let part = number / p.tiles;
  let start = part * p.part_depth;
  let depth = vec2u(start, min(p.depth, start + p.part_depth));
  finish_part = part;
  run_tile(vec2u(tile % p.across, tile / p.across), depth, thread);
}
