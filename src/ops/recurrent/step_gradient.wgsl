// The inputs of the backward pass of a time step, for every cell. This text goes after the tile and before the cell.
struct Parameters {
  batch: u32, steps: u32, hidden: u32, width: u32,
  time: u32, across: u32, tiles: u32,
  y_batch: u32, y_rows: u32, y_row: u32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> recurrent_kernel: array<f32>;
@group(0) @binding(2) var<storage, read> gates: array<f32>;
// For lstm the cell states, for gru the hidden states; both (T, B, H).
@group(0) @binding(3) var<storage, read> kept: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<f32>;
@group(0) @binding(5) var<storage, read_write> dz: array<f32>;
@group(0) @binding(6) var<storage, read_write> carry: array<f32>;

// The gradient that comes from outside the layer at this time step.
fn outer_gradient(b: u32, unit: u32) -> f32 {
  if (b < p.y_batch) {
    return dy[(b * p.y_rows + p.y_row) * p.hidden + unit];
  }
  return 0.0;
}

// Rows of the recurrent kernel. Its columns, from one of them on, are the depth; hidden units are the columns.
fn load_transposed(column: u32, group: u32) -> vec4f {
  return vec4f(
    load_weight(column, 4 * group),
    load_weight(column, 4 * group + 1),
    load_weight(column, 4 * group + 2),
    load_weight(column, 4 * group + 3),
  );
}

fn load_weight(column: u32, unit: u32) -> f32 {
  if (unit >= p.hidden) {
    return 0.0;
  }
  return recurrent_kernel[unit * p.width + column];
}

fn tanh_of(z: f32) -> f32 {
  if (abs(z) > 10.0) {
    return sign(z);
  }
  return tanh(z);
}
