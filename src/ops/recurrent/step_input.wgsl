// x W + b and h U of a time step, for the forward pass of every cell. This text goes after the tile and before the cell.
// Buffers are time-major: gates (T, B, G H), states (T, B, H). Exceptions: x (B, T) and y (B, T, H).
struct Parameters {
  batch: u32, steps: u32, hidden: u32, width: u32,
  time: u32, source_row: u32, across: u32, tiles: u32,
  y_batch: u32, y_rows: u32, y_row: u32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> x: array<u32>;
// The kernel, whose rows indices select, or x W + b.
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

// The tanh of some devices overflows; NaN stays NaN.
fn tanh_of(z: f32) -> f32 {
  if (abs(z) > 10.0) {
    return sign(z);
  }
  return tanh(z);
}
