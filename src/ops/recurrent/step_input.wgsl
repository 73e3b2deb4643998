// A time step's x W + b and its product h U, for every cell's forward pass; put after the tile and before the cell.
// Buffers are time-major but x (B, T) and y (B, T, H): gates (T, B, G H), states (T, B, H).
struct Parameters {
  batch: u32, steps: u32, hidden: u32, width: u32,
  time: u32, source_row: u32, across: u32, tiles: u32,
  y_batch: u32, y_rows: u32, y_row: u32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> x: array<u32>;
// The kernel, of whose rows indices choose, or x W + b.
@group(0) @binding(2) var<storage, read> source: array<f32>;
@group(0) @binding(3) var<storage, read> recurrent_kernel: array<f32>;
@group(0) @binding(4) var<storage, read> bias: array<f32>;

// Whether x holds indices.
override INDICES: bool = false;

fn project(b: u32, column: u32) -> f32 {
  if (INDICES) {
    return source[x[b * p.steps + p.time] * p.width + column] + bias[column];
  }
  return source[(p.source_row + b) * p.width + column];
}

fn sigmoid(z: f32) -> f32 {
  return 1.0 / (1.0 + exp(-z));
}

// Some devices' tanh overflows; NaN stays NaN.
fn tanh_of(z: f32) -> f32 {
  if (abs(z) > 10.0) {
    return sign(z);
  }
  return tanh(z);
}
