// The second half of a GRU's time step: g = tanh(x W + b + (r h) U); h' = z h + (1 - z) g.
@group(0) @binding(5) var<storage, read_write> gates: array<f32>;
@group(0) @binding(6) var<storage, read> resets: array<f32>;
@group(0) @binding(7) var<storage, read_write> states: array<f32>;
@group(0) @binding(8) var<storage, read_write> y: array<f32>;

fn load_a(b: u32, k: u32) -> f32 {
  if (b >= p.batch) {
    return 0.0;
  }
  return resets[(p.time * p.batch + b) * p.hidden + k];
}

fn load_b(k: u32, group: u32) -> vec4f {
  return vec4f(
    load_lane(k, 4 * group),
    load_lane(k, 4 * group + 1),
    load_lane(k, 4 * group + 2),
    load_lane(k, 4 * group + 3),
  );
}

fn load_lane(k: u32, unit: u32) -> f32 {
  if (unit >= p.hidden) {
    return 0.0;
  }
  return recurrent_kernel[k * p.width + 2 * p.hidden + unit];
}

fn finish_lane(b: u32, unit: u32, sum: f32) {
  if (b >= p.batch || unit >= p.hidden) {
    return;
  }
  let row = p.time * p.batch + b;
  let z = gates[row * p.width + unit];
  let g = tanh_of(sum + project(b, unit + 2 * p.hidden));
  var h = (1.0 - z) * g;
  if (row >= p.batch) {
    h += z * states[(row - p.batch) * p.hidden + unit];
  }
  gates[row * p.width + 2 * p.hidden + unit] = g;
  states[row * p.hidden + unit] = h;
  if (b < p.y_batch) {
    y[(b * p.y_rows + p.y_row) * p.hidden + unit] = h;
  }
}

fn finish(b: u32, group: u32, sums: vec4f) {
  finish_lane(b, 4 * group, sums.x);
  finish_lane(b, 4 * group + 1, sums.y);
  finish_lane(b, 4 * group + 2, sums.z);
  finish_lane(b, 4 * group + 3, sums.w);
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
