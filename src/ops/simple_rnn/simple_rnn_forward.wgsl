// One time step of a simple recurrent network: h' = tanh(x W + b + h U).
@group(0) @binding(5) var<storage, read_write> states: array<f32>;
@group(0) @binding(6) var<storage, read_write> y: array<f32>;

fn load_a(b: u32, k: u32) -> f32 {
  if (b >= p.batch) {
    return 0.0;
  }
  return states[((p.time - 1) * p.batch + b) * p.hidden + k];
}

fn load_b(k: u32, group: u32) -> vec4f {
  var values = vec4f();
  for (var lane = 0u; lane < 4; lane++) {
    let unit = 4 * group + lane;
    if (unit < p.hidden) {
      values[lane] = recurrent_kernel[k * p.width + unit];
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
      let h = tanh_of(sums[r][lane] + project(b, unit));
      states[(p.time * p.batch + b) * p.hidden + unit] = h;
      if (p.every == 1) {
        y[(b * p.steps + p.time) * p.hidden + unit] = h;
      } else if (p.time == p.steps - 1) {
        y[b * p.hidden + unit] = h;
      }
    }
  }
}
