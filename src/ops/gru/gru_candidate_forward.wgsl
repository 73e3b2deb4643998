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
  var values = vec4f();
  for (var lane = 0u; lane < 4; lane++) {
    let unit = 4 * group + lane;
    if (unit < p.hidden) {
      values[lane] = recurrent_kernel[k * p.width + 2 * p.hidden + unit];
    }
  }
  return values;
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
  let first_row = 4 * TILE_Y * (tile / p.across);
  let first_group = TILE_X * (tile % p.across);
  let depth = vec2u(0, select(0, p.hidden, p.time > 0));
  let sums = multiply_tile(first_row, first_group, depth, thread);
  for (var r = 0u; r < 4; r++) {
    let b = first_row + 4 * (thread / TILE_X) + r;
    for (var lane = 0u; lane < 4; lane++) {
      let unit = 4 * (first_group + thread % TILE_X) + lane;
      if (b >= p.batch || unit >= p.hidden) {
        continue;
      }
      let row = p.time * p.batch + b;
      let z = gates[row * p.width + unit];
      let g = tanh_of(sums[r][lane] + project(b, unit + 2 * p.hidden));
      var h = (1.0 - z) * g;
      if (p.time > 0) {
        h += z * states[(row - p.batch) * p.hidden + unit];
      }
      gates[row * p.width + 2 * p.hidden + unit] = g;
      states[row * p.hidden + unit] = h;
      if (p.every == 1) {
        y[(b * p.steps + p.time) * p.hidden + unit] = h;
      } else if (p.time == p.steps - 1) {
        y[b * p.hidden + unit] = h;
      }
    }
  }
}
