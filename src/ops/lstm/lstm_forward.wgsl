// One time step of an LSTM: z = x W + b + h U; i, f, o = sigmoid(z); g = tanh(z_g); c' = f c + i g; h' = o tanh(c').
// A thread's 4 columns are the 4 gates of one hidden unit.
@group(0) @binding(5) var<storage, read_write> gates: array<f32>;
@group(0) @binding(6) var<storage, read_write> cells: array<f32>;
@group(0) @binding(7) var<storage, read_write> states: array<f32>;
@group(0) @binding(8) var<storage, read_write> y: array<f32>;

fn load_a(b: u32, k: u32) -> f32 {
  if (b >= p.batch) {
    return 0.0;
  }
  return states[((p.time - 1) * p.batch + b) * p.hidden + k];
}

fn load_b(k: u32, unit: u32) -> vec4f {
  if (unit >= p.hidden) {
    return vec4f();
  }
  let at = k * p.width + unit;
  return vec4f(
    recurrent_kernel[at],
    recurrent_kernel[at + p.hidden],
    recurrent_kernel[at + 2 * p.hidden],
    recurrent_kernel[at + 3 * p.hidden],
  );
}

fn finish(b: u32, unit: u32, sums: vec4f) {
  if (b >= p.batch || unit >= p.hidden) {
    return;
  }
  let i = sigmoid(sums.x + project(b, unit));
  let f = sigmoid(sums.y + project(b, unit + p.hidden));
  let g = tanh_of(sums.z + project(b, unit + 2 * p.hidden));
  let o = sigmoid(sums.w + project(b, unit + 3 * p.hidden));
  let row = p.time * p.batch + b;
  var c = i * g;
  if (row >= p.batch) {
    c += f * cells[(row - p.batch) * p.hidden + unit];
  }
  let h = o * tanh_of(c);
  let at = row * p.width + unit;
  gates[at] = i;
  gates[at + p.hidden] = f;
  gates[at + 2 * p.hidden] = g;
  gates[at + 3 * p.hidden] = o;
  cells[row * p.hidden + unit] = c;
  states[row * p.hidden + unit] = h;
  if (b < p.y_batch) {
    y[(b * p.y_rows + p.y_row) * p.hidden + unit] = h;
  }
}

@compute @workgroup_size(TILE_X, TILE_Y)
fn main(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let tile = id.y * count.x + id.x;
  if (tile >= p.tiles) {
    return;
  }
  let depth = vec2u(0, select(0, p.hidden, p.time > 0));
  run_tile(vec2u(tile % p.across, tile / p.across), depth, thread);
}
